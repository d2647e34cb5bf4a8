"""Ranking: weights of criteria and what is switched off, tried on real missions before they are saved."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from babel.numbers import get_decimal_symbol
from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.matching.circle import rank_people
from marketwright.features.matching.queries import newest_published, replayed
from marketwright.features.matching.ranking import Criterion, GateBroken
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.replaying import TOP, Replay
from marketwright.features.matching.weighing import Criteria
from marketwright.features.operator.meanwhile import began_with, left_alone, refusal, seen_now, sent_seen
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.overlay import changing
from marketwright.features.profiles.queries import profile_cards
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.settings.ranking import RankingSettings
from marketwright.strategies.matching import MatchingCriterion
from marketwright.web.formats import babel_locale
from marketwright.web.house import House, actor, house, reading, the_viewer
from marketwright.web.i18n import _, current_locale
from marketwright.web.late import BEGAN, Late
from marketwright.web.policy import staff
from marketwright.web.render import tell
from marketwright.web.schemaforms import Typed

READ, CHANGE = staff("settings.read"), staff("settings.change")
MISSIONS, SHOWN, REPLAYED_DAYS = 3, 8, 90
LOOKED_AT = 9  # of the newest missions, for some with a list to compare


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion in the form: the plugin's ``own`` weight and the ``share`` of the score that it has now."""

    name: str
    label: str
    about: str
    plugin: str
    gate: bool
    own: float
    share: float


@dataclass(frozen=True, slots=True)
class RankingContext:
    """The form of the weights; ``seen`` is the version of the settings that it shows."""

    criteria: list[CriterionRow]
    form: Typed
    editable: bool
    seen: int


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a list before and after: (name, score), and how many places somebody moved (``None``: new)."""

    number: int
    before: tuple[str, int] | None
    after: tuple[str, int] | None
    moved: int | None


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One mission with the list as it is and as it would be."""

    id: str
    title: str
    places: list[Place]


@dataclass(frozen=True, slots=True)
class RankingTry:
    """Other weights on real missions and on the lists of the last ``days``; ``sent`` is the form as typed.

    ``shares`` are (label, share of the score as it is, and as it would be), ``None`` where the criterion is off.

    ``rates`` are the 10th, 50th and 90th percentile of the day rates that are seen, before and after; empty where none
    is known. ``people`` are the names of those whom staff put on lists.
    """

    missions: list[SideBySide]
    replay: Replay
    rates: list[tuple[Money, ...]]
    people: Mapping[str, str]
    shares: list[tuple[str, float | None, float | None]]
    sent: list[tuple[str, str]]
    days: int
    top: int


@pages.get("/ranking", READ)
def ranking() -> BaseResponse:
    """The weights in force."""
    return _page(Typed(_in_force()))


@pages.post("/ranking", CHANGE)
def ranking_save() -> BaseResponse:
    """Save what is typed; ``do=again`` goes on with it."""
    if request.form.get("do") == "again":
        return _page(Typed(_sent()))
    try:
        changes = _changes()
        if not changes:
            tell(_("Nothing was changed."), "info")
            return redirect(url_for("operator.ranking"), 303)
        changing.save(house(), actor(), changes, note=_("Ranking"), seen=sent_seen())
    except InvalidInput as error:
        return _page(_refused(error), 422)
    except Conflict as error:
        typed = Typed(_sent(), {"": [refusal(error)]})
        typed.late = Late((), ())
        return _page(typed, 422)
    tell(_("Saved, and in force. The history undoes it."))
    return redirect(url_for("operator.ranking"), 303)


@pages.post("/ranking/try", CHANGE)
def ranking_try() -> BaseResponse:
    """What the typed weights would do to real missions. Nothing is saved."""
    try:
        with changing.tried(house(), _changes()) as other:
            context = _tried(other)
    except InvalidInput as error:
        return _page(_refused(error), 422)
    return show("ranking_try.html", context)


def _page(form: Typed, status: int = 200) -> BaseResponse:
    seen = seen_now(late=form.late is not None)
    if form.late or not form.values.get(BEGAN):
        form.values[BEGAN] = began_with(_in_force())
    context = RankingContext(_rows(), form, the_viewer().may("settings.change"), seen)
    return show("ranking.html", context, status=status)


def _rows() -> list[CriterionRow]:
    known = house().ports.get(Criteria)
    shares = _shares(known.running)
    return [
        CriterionRow(
            e.it.name, _(e.it.label), _(e.it.about) if e.it.about else "", e.plugin,
            type(e.it).gate is not MatchingCriterion.gate, known.own[e.it.name], shares.get(e.it.name, 0.0),
        )
        for e in (*known.running, *known.off)
    ]  # fmt: skip


def _shares(criteria: Sequence[Criterion]) -> dict[str, float]:
    whole = sum(float(e.it.weight) for e in criteria) or 1.0
    return {e.it.name: float(e.it.weight) / whole for e in criteria}


def _in_force() -> dict[str, str]:
    """The weights in force as the form shows them."""
    known, said = house().ports.get(Criteria), house().marketplace.ranking
    values = {f"weight-{n}": written(said.weights.get(n, own)) for n, own in known.own.items()}
    values |= {f"on-{n}": "" if n in said.off else "1" for n in known.own}
    return values | {"keep_days": str(said.keep_days), "unanswered_days": str(said.unanswered_days)}


def _sent() -> dict[str, str]:
    """What was typed; what somebody else changed meanwhile and nobody did here is as it is now."""
    typed, now = {k: v for k, v in request.form.items() if k not in ("csrf_token", "do", "seen")}, _in_force()
    return typed | {name: now[name] for name in left_alone(typed, now)}


def _refused(error: InvalidInput) -> Typed:
    """Errors by the names of the form: ``ranking.weights.skills`` stands at ``weight-skills``."""
    found: dict[str, list[Any]] = {}
    for key, messages in error.errors.items():
        name = key.removeprefix("ranking.").removesuffix(".value")
        first = next(iter(house().ports.get(Criteria).own), "")
        if name.startswith("weights"):
            name = f"weight-{name.partition('.')[2] or first}"
        elif name.startswith("off"):
            name = f"on-{first}"
        found.setdefault(name, []).extend(messages)
    return Typed(_sent(), found)


def written(weight: float) -> str:
    """As a person of this language types it: ``0.35``, ``0,35``."""
    return f"{weight:g}".replace(".", get_decimal_symbol(babel_locale()))


def _number(typed: str) -> Any:
    try:
        return float(typed.strip().replace(",", "."))
    except ValueError:
        return typed  # the schema says that it is no number


def _changes() -> dict[str, Any]:
    """What the form changes, by key; ``InvalidInput`` is left to whoever builds the site with it."""
    known, said, sent = house().ports.get(Criteria), house().marketplace.ranking, _sent()
    typed = {n: sent.get(f"weight-{n}", "").strip() for n in known.own}
    given: Mapping[str, Any] = {n: _number(t) for n, t in typed.items() if t}
    weights = {n: w for n, w in given.items() if w != known.own[n]}
    off = [n for n in known.own if not sent.get(f"on-{n}")]
    wanted: dict[str, Any] = {"weights": weights, "off": off}
    for name in ("keep_days", "unanswered_days"):
        text = sent.get(name, "").strip()
        wanted[name] = int(text) if text.isascii() and text.isdigit() else text
    now = {"weights": {n: w for n, w in said.weights.items() if w != known.own.get(n)}, "off": list(said.off),
           "keep_days": said.keep_days, "unanswered_days": said.unanswered_days}  # fmt: skip
    return {f"ranking.{n}": _or_file(n, value) for n, value in wanted.items() if value != now[n]}


def _or_file(name: str, value: Any) -> Any:
    base = (house().marketplace.source.base or house().marketplace).ranking
    of_file = {"weights": dict(base.weights), "off": list(base.off), "keep_days": base.keep_days,
               "unanswered_days": base.unanswered_days}[name]  # fmt: skip
    return changing.AS_THE_FILE if value == of_file and base == RankingSettings() else value


def _tried(other: House) -> RankingTry:
    session, known = reading(), other.ports.get(Criteria)
    before, after = _shares(house().ports.get(Criteria).running), _shares(known.running)
    labels = {e.it.name: _(e.it.label) for e in (*known.running, *known.off)}
    weights = {e.it.name: float(e.it.weight) for e in known.running} | {e.it.name: 0.0 for e in known.off}
    since = house().clock.business() - timedelta(days=REPLAYED_DAYS)
    found = replayed(session, since=since, weights=weights)
    currency, both = house().marketplace.currency, (found.before.rates, found.after.rates)
    rates = [tuple(Money(r, currency) for r in three) for three in both if three]
    return RankingTry(
        _compared(other), found, rates if all(both) else [],
        {h.freelancer: h.name for h in found.by_hand},
        [(labels[n], before.get(n), after.get(n)) for n in labels], list(_sent().items()), REPLAYED_DAYS, TOP,
    )  # fmt: skip


def _compared(other: House) -> list[SideBySide]:
    """The newest published missions that somebody fits now or would fit; where there are too few, others after them."""
    listed: list[SideBySide] = []
    empty: list[SideBySide] = []
    for one, title in newest_published(reading(), LOOKED_AT):
        found = _side_by_side(other, one, title or _("Without a title yet"))
        (listed if found.places else empty).append(found)
        if len(listed) == MISSIONS:
            break
    return [*listed, *empty][:MISSIONS]


def _side_by_side(other: House, mission: str, title: str) -> SideBySide:
    lists = [_best(h, mission) for h in (house(), other)]
    ids = [one for found in lists for one, _score in found]
    names = {c.id: c.name for c in profile_cards(reading(), list(dict.fromkeys(ids)), current_locale())}
    was = {one: n for n, (one, _score) in enumerate(lists[0])}
    places = []
    for n in range(min(SHOWN, max(map(len, lists)))):
        old, new = (found[n] if n < len(found) else None for found in lists)
        moved = was[new[0]] - n if new and new[0] in was else None
        places.append(Place(n + 1, _named(old, names), _named(new, names), moved))
    return SideBySide(mission, title, places)


def _named(given: tuple[str, int] | None, names: Mapping[str, str]) -> tuple[str, int] | None:
    return (names.get(given[0], "–"), given[1]) if given else None


def _best(of: House, mission: str) -> list[tuple[str, int]]:
    """Ids and scores of whoever fits, best first; nobody where a gate is broken, or nothing ranks."""
    index = house().ports.get(Indexes).current(reading())
    try:
        found = rank_people(of, reading(), index, mission, house().clock.business().date())
    except GateBroken:
        return []
    if found is None or not found.ranks:
        return []
    return [(found.ids[i], found.score(i)) for i in found.order.tolist()[: 4 * SHOWN]]
