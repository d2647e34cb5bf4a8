"""Whether a gate is open, and what it still asks for."""

from sqlalchemy.orm import Session

from marketwright.features.vetting import queries
from marketwright.features.vetting.checks import APPROVAL, Asked
from marketwright.features.vetting.queries import Run, Stands
from marketwright.features.vetting.showing import BEGUN
from marketwright.kernel.errors import Missing
from marketwright.kernel.text import Text, say
from marketwright.kernel.time import Clock
from marketwright.strategies.vetting import SubjectKind

KINDS = {"freelancer": SubjectKind.FREELANCER, "organisation": SubjectKind.CLIENT, "client": SubjectKind.CLIENT,
         "mission": SubjectKind.MISSION}  # fmt: skip


def checks_page(kind: str, owner: str, check: str = "") -> str:
    """Where a subject's checks are looked after; one ``check`` where named."""
    base = {"freelancer": "/me/checks", "client": f"/organisations/{owner}/checks"}.get(kind, f"/missions/{owner}")
    return f"{base}/{check}" if check and kind != "mission" else base


class CheckGate:
    """Answers accounts' port ``Gate``. Any verdict of a check that holds on its subject satisfies it.

    It is asked inside units of work, so it reads rows and calls no plugin.
    """

    def __init__(self, asked: Asked, clock: Clock) -> None:
        self._asked, self._clock = asked, clock

    def missing(self, session: Session, gate: str, subject_kind: str, subject_id: str) -> tuple[Missing, ...]:
        """What ``gate`` still asks of the subject, each with how and where to get it; empty: open."""
        kind = str(KINDS.get(subject_kind, subject_kind))
        names = self._asked.checks(gate, kind)
        if not names:
            return ()
        now = self._clock.business()
        standing = queries.standing(session, kind, subject_id)
        lacking = [n for n in names if not any(v.check == n and v.holds(now) for v in standing)]
        if not lacking:
            return ()
        runs = queries.open_runs(session, kind, subject_id)
        return tuple(
            Missing(n, say(self._asked.labels[n]), self._how(n, kind, standing, runs), self._href(n, kind, subject_id))
            for n in lacking
        )

    def _how(self, check: str, kind: str, standing: list[Stands], runs: list[Run]) -> Text:
        mine = [r for r in runs if r.check == check]
        if any(r.begun for r in mine):
            return say(BEGUN)
        if mine:
            return say("You have handed it in; it is being looked at. There is nothing to do for now.")
        before = [v for v in standing if v.check == check]
        if before and before[0].result in ("refused", "revoked"):
            return say("It was refused, for this reason: %(reason)s", reason=say(before[0].reason))
        if before:
            return say("It has expired: hand in a new one.")
        if check == APPROVAL and kind in self._asked.by_invitation:
            return say("This marketplace takes new people by invitation. Tell our team who you are.")
        return say("Hand in what it asks for; a person of our team or the source itself answers.")

    def _href(self, check: str, kind: str, owner: str) -> str:
        return checks_page(kind, owner, check)
