"""What contracts answer to the ports of lower rooms: proposals, payments and missions."""

from sqlalchemy.orm import Session

from marketwright.features.contracts.bounced import credit, taken_back
from marketwright.features.contracts.confidentiality import signed
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.needing import mission_changed
from marketwright.features.contracts.registry import processes, with_settings
from marketwright.features.contracts.service import draw_up
from marketwright.features.contracts.steps import settled
from marketwright.features.payments.amounts import Amounts
from marketwright.features.proposals.ports import CourseChoice
from marketwright.hooks.manager import Plugins
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind, Outcome
from marketwright.strategies.processes import Sale


class ContractDeals:
    """Proposals' port ``Deals``: an accepted proposal becomes a contract."""

    def draw_up(self, uow: UnitOfWork, proposal_id: str) -> str:
        """The id of the contract drawn up for the proposal."""
        return draw_up(uow, proposal=proposal_id)


class ContractCourse:
    """Payments' port ``Course``: the pending transition of a milestone arrives or returns."""

    def settled(self, uow: UnitOfWork, hold: str, kind: CommandKind, outcome: Outcome, reason: str) -> None:
        """In the same commit as hold and ledger."""
        settled(uow, hold=hold, kind=kind, outcome=outcome, reason=reason)

    def taken_back(self, uow: UnitOfWork, hold: str, *, settled: bool, reason: str) -> None:
        """Back to where it is funded again, or to where a refund ends."""
        taken_back(uow, hold=hold, settled=settled, reason=reason)

    def gone_back(
        self, uow: UnitOfWork, hold: str, cause: tuple[str, str], parts: Amounts, *, released: bool
    ) -> None:
        """What was invoiced and goes back is credited."""
        if released:
            credit(uow, hold=hold, cause=cause, parts=parts)


class ContractsOfMissions:
    """Missions' port ``UnderContract``: an edited brief may turn conditions of running contracts on."""

    def mission_changed(self, uow: UnitOfWork, mission: str) -> None:
        """In the same commit as the edit."""
        mission_changed(uow, mission)


class SignedConfidentiality:
    """Missions' port ``Confidentiality``."""

    def signed(self, session: Session, mission: str, account: str) -> bool:
        """Whether the freelancer has signed for the mission."""
        return signed(session, mission, account)


class ContractCourses:
    """Proposals' port ``Courses``: the courses that the settings offer and a provider can carry, in their order."""

    def __init__(self, marketplace: Marketplace, plugins: Plugins, horizon: Horizon) -> None:
        known = processes(plugins)
        named = [known[name] for name in marketplace.deal.processes if name in known] or list(known.values())[:1]
        sold = [p for p in named if p.sale is Sale.PROPOSAL] or named[:1]
        able = [p for p in sold if not p.holds or marketplace.deal.provider in plugins.payment_providers] or sold
        self._offered = tuple(horizon.choice(with_settings(p, marketplace.deal)) for p in able)

    def offered(self) -> tuple[CourseChoice, ...]:
        """Never empty."""
        return self._offered
