"""Verdicts and states of checks as pages show them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from marketwright.features.vetting.queries import Given, Run, Stands
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.terms import capital
from marketwright.kernel.text import N_, Text, say
from marketwright.web.formats import show_date
from marketwright.web.i18n import translate

SOON = timedelta(days=30)
BEGUN = N_("Your task has begun: hand it in before its days are over.")
GATES: dict[str, str] = {
    "sign_up": N_("signing up"), "appear": N_("appearing in the lists"), "publish": N_("publishing {mission.a}"),
    "contact": N_("writing to people"), "propose": N_("making {proposal.a}"), "sign": N_("signing {contract.a}"),
    "sign_above": N_("signing larger {contract.other}"), "start": N_("starting the work"), "be_paid": N_("being paid"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One verdict as a claim is shown (``ui/badges.html``): how it is known, compared with what, by whom, when."""

    title: str
    detail: str
    how: str
    source: str
    by: str
    on: datetime
    until: datetime | None
    days_left: int | None
    note: str
    id: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class StateCard:
    """One check in a list (``ui/lists.html``, checklist): ``state`` is ``done``, ``wait``, ``bad`` or ``todo``."""

    name: str
    title: str
    text: str
    state: str
    gates: list[str]
    private: bool = False


def shown(found: Stands, labels: Mapping[str, str], now: datetime) -> Shown:
    """A verdict; ``labels`` names the claims of its subject."""
    left = (found.expires - now).days if found.expires else None
    note = ""
    if found.result == "refused":
        note = _said_against(N_("Refused by %(by)s: %(reason)s"), found)
    elif found.result == "revoked":
        note = _said_against(N_("Taken back by %(by)s: %(reason)s"), found)
    return Shown(
        title=labels.get(found.about) or capital(translate(found.compared)), how=_how(found, now),
        detail=translate(found.compared) if found.about in labels else "", source=translate(found.source),
        by=translate(found.by_name), on=found.at, until=found.expires, days_left=left, note=note, id=found.id,
        result=found.result,
    )  # fmt: skip


def _said_against(sentence: str, found: Stands) -> str:
    return translate(say(sentence, by=translate(found.by_name), reason=translate(found.reason)))


def said(given: Given) -> str:
    """What somebody typed or chose, in the reader's words; a day as the reader writes days."""
    try:
        if given.form == "date":
            return show_date(date.fromisoformat(given.text))
        return translate(given.shown or given.text)
    except ValueError:
        return given.text


def _how(found: Stands, now: datetime) -> str:
    if found.result != "passed":
        return "refused"
    if found.ended(now):
        return "expired"
    if found.expires is not None and found.expires - now <= SOON:
        return "expiring"
    return "document" if found.document else "checked"


def card(
    name: str, label: str, gates: Sequence[str], standing: Sequence[Stands], runs: Sequence[Run], now: datetime,
    *, private: bool = False,
) -> StateCard:  # fmt: skip
    """How one check stands for its subject, in a line."""
    mine = [v for v in standing if v.check == name]
    open_runs = [r for r in runs if r.check == name]
    state, text = _state(mine, open_runs, now)
    asked = [translate(g) for g in gates]
    return StateCard(name, translate(label), translate(text), state, asked, private)


def _state(mine: Sequence[Stands], runs: Sequence[Run], now: datetime) -> tuple[str, Text]:
    good = [v for v in mine if v.holds(now)]
    if any(r.begun for r in runs):
        return ("done" if good else "todo"), say(BEGUN)
    if runs:
        return ("done" if good else "wait"), say("Handed in, and being looked at.")
    if good:
        first = min((v.expires for v in good if v.expires), default=None)
        if first is None:
            return "done", say("Done, without an end.")
        if first - now <= SOON:
            return "done", say("Done. It ends within 30 days: hand in a new one in time.")
        return "done", say("Done.")
    if mine and mine[0].result in ("refused", "revoked"):
        return "bad", say("Refused, for this reason: %(reason)s", reason=say(mine[0].reason))
    if mine:
        return "todo", say("It has expired: hand in a new one. {Contract.other} under way go on.")
    return "todo", say("Not handed in yet.")
