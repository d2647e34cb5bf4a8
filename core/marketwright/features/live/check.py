"""The list: everything that is looked at before going live, in the order in which it is best worked through."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from marketwright.features.live import machine, reach, texts
from marketwright.features.live.outside import Nobody, Outside
from marketwright.features.live.points import Point, Verdict
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import House

ASKS_OUTSIDE = ("host", "mail_names")


@dataclass(frozen=True, slots=True)
class Standing:
    """Every point; ``next`` is the first that is missing."""

    points: tuple[Point, ...]

    def of(self, verdict: Verdict) -> tuple[Point, ...]:
        """The points with this verdict."""
        return tuple(p for p in self.points if p.verdict is verdict)

    @property
    def next(self) -> Point | None:
        """What to do first."""
        return next(iter(self.of(Verdict.MISSING)), None)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing and everything could be asked."""
        return all(p.verdict is Verdict.GOOD for p in self.points)


def check(house: House, session: Session, outside: Outside | None = None) -> Standing:
    """Look at everything; without ``outside`` nothing is asked of the network. Call it with no unit open."""
    marketplace, world = house.marketplace, outside or Nobody()
    now, machine_now = house.clock.business(), datetime.now(UTC)
    return Standing((
        machine.administrator(session), machine.secret(marketplace),
        machine.sealing(session, marketplace, house.plugins), reach.host(marketplace, world),
        reach.mail(session, marketplace), reach.mail_names(marketplace, world),
        texts.legal(marketplace, session, now, packs=house.plugins.identifiers),
        texts.invoices(marketplace, house.plugins.countries), texts.duties(marketplace, house.plugins, now.date()),
        texts.written(session, marketplace, now),
        texts.contract_templates(session, marketplace, house.plugins),
        machine.payments(marketplace, house.plugins), machine.extensions(house.plugins, house.missing),
        machine.worker(session, machine_now), machine.backup(session, machine_now), machine.disk(marketplace),
        machine.debug(),
    ))  # fmt: skip
