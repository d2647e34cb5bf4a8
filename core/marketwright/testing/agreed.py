"""A deal to test with: two sides with legal identities, an accepted proposal, its contract signed and paid in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.passwords import hash_password
from marketwright.features.contracts import service as contracts
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.examples import agreed_examples, handed_example
from marketwright.features.contracts.handing import hand_over
from marketwright.features.contracts.registry import load, pinned, processes
from marketwright.features.contracts.sealed import body_before
from marketwright.features.contracts.sendable import quote_today
from marketwright.features.contracts.steps import Ask, Taken, deliver, enter, take
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.contracts.terms import agreement_terms
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.applying import apply
from marketwright.features.payments.tables import PaymentCommand
from marketwright.features.pricing.wire import quote_to_json
from marketwright.features.proposals.tables import Proposal, Round
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money, share_bps
from marketwright.store.database import move_clock
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, Fact, Outcome
from marketwright.strategies.pricing import Deal, Line, LineKind, Part, Party, Quote
from marketwright.strategies.processes import Role
from marketwright.web.house import House

SEED = system("seed")
PASSWORD = "plain words in a row"
FR = Party("FR", "standard", "FR44732829320")


@dataclass
class Stage:
    """Two sides and their deal; every deed goes through the services, as the person named."""

    house: House
    client: str = ""
    freelancer: str = ""
    organisation: str = ""
    mission: str = ""
    contract: str = ""
    milestones: list[str] = field(default_factory=list)

    def unit(self, by: Actor | str = SEED) -> Any:
        """A unit of work of an actor, an account, or the seed."""
        return self.house.database.unit(self.actor(by) if isinstance(by, str) else by)

    def actor(self, account: str, *, staff: Sequence[str] = ()) -> Actor:
        """The account as an actor; services read memberships from the database."""
        names = {self.client: "Hélène Quesnoy", self.freelancer: "Tomasz Wiśniewski"}
        return Actor(kind="person", id=account, name=names.get(account, account), staff=frozenset(staff),
                     address="192.0.2.7", is_freelancer=account == self.freelancer)  # fmt: skip

    def meet(self) -> "Stage":
        """Make both sides, with their legal identities, and a mission."""
        with self.unit() as uow:
            self.client = accounts.create_account(
                uow, email="helene@example.org", name="Hélène Quesnoy", locale="en", is_freelancer=False,
                password_hash=hash_password(PASSWORD),
            )
            self.freelancer = accounts.create_account(
                uow, email="tomasz@example.org", name="Tomasz Wiśniewski", locale="en", is_freelancer=True,
                password_hash=hash_password(PASSWORD),
            )
            self.organisation = accounts.create_organisation(
                uow, owner=self.client, name="Sambre Santé", country="FR", city="Lille", size=400
            )
            for kind, owner in (("organisation", self.organisation), ("freelancer", self.freelancer)):
                accounts.record_identity(
                    uow, owner_kind=kind, owner_id=owner, name=f"Business of {kind}", form="SAS",
                    registration_number="732829320", vat_regime="standard", vat_number="FR44732829320",
                    street="14 rue des Prés", postcode="59000", city="Lille", country="FR",
                    signatory_title="Director", signatory_name=f"Signatory of {kind}",
                )  # fmt: skip
            self.mission = new_id()
            uow.session.add(Mission(
                id=self.mission, organisation_id=self.organisation, created_by=self.client, title="Internal review",
                language="en", description="Three hospital sites.", summary="", budget_kind="fixed", budget=1_000_000,
                currency="EUR", remote="hybrid", languages=["en"], visibility="public", named=True, public_name="",
                state="published", close_reason="", refusal="", fields={}, confidential=True, created_at=uow.now,
                published_at=uow.now, updated_at=uow.now, version=1, city="Lille", country="FR",
            ))  # fmt: skip
            uow.commit()
        return self

    def agree(
        self, *works: int, process: str = "milestones", due: int | None = 30,
        lines: Sequence[dict[str, Any]] | None = None, start_on: date | None = None, how_priced: Quote | None = None,
    ) -> str:  # fmt: skip
        """An accepted proposal over ``works`` (minor units before tax) and its contract, drawn up in one commit.

        ``how_priced`` is their quote; the plain one of :func:`quote_over` otherwise.

        Each is due ``due`` days from now, unless ``lines`` says more of them, as a round stores it.
        """
        quote = how_priced or quote_over(*works)
        today = self.house.clock.business().date()
        agreed = agreed_examples(self.house.plugins, processes(self.house.plugins)[process].deliverables, today)
        with self.unit() as uow:
            thread, proposal = new_id(), new_id()
            uow.session.add(Thread(
                id=thread, mission_id=self.mission, organisation_id=self.organisation,
                freelancer_id=self.freelancer, kind="application", state="open", declined_by="", decline_reason="",
                opened_by=self.freelancer, opened_at=uow.now, last_at=uow.now,
            ))  # fmt: skip
            uow.flush()
            uow.session.add(Proposal(
                id=proposal, mission_id=self.mission, thread_id=thread, organisation_id=self.organisation,
                freelancer_id=self.freelancer, process=process, currency="EUR", state="accepted", turn="client",
                round_count=1, created_at=uow.now, updated_at=uow.now, expires_at=uow.now, closed_at=uow.now,
                closed_by=self.client, closed_side="client", reason="", quote=quote_to_json(quote),
            ))  # fmt: skip
            uow.flush()
            day = (uow.now + timedelta(days=due)).date().isoformat() if due is not None else None
            uow.session.add(Round(
                id=new_id(), proposal_id=proposal, number=1, by_side="freelancer", by_account=self.freelancer,
                lines=list(lines or [
                    {"title": p.title, "detail": "", "amount": p.work.amount, "half_days": 6, "rate": None, "due": day}
                    for p in quote.deal.parts
                ]),
                work=sum(works), note="", start_on=start_on, quote=quote_to_json(quote), agreed=agreed, at=uow.now,
            ))  # fmt: skip
            uow.flush()
            self.contract = contracts.draw_up(uow, proposal=proposal)
            uow.commit()
        self.read_milestones()
        return self.contract

    def read_milestones(self) -> None:
        """Know the milestones of the contract by their number."""
        with self.house.database.reading() as session:
            mine = select(Milestone.id).where(Milestone.contract_id == self.contract)
            self.milestones = list(session.scalars(mine.order_by(Milestone.number)))

    def send(self, *, purchase_order: str = "", language: str = "en", by: str = "") -> str:
        """Draw the agreement with the installed template and send it to both; returns the document's id."""
        with self.house.database.reading() as session:
            row = session.get_one(Contract, self.contract)
            process = pinned(session, row.process, row.process_version)
            quote = quote_today(session, self.house.plugins, row)
            terms = agreement_terms(
                session, self.house.marketplace, row, process, plugins=self.house.plugins, holder="Halden Pay SA",
                at=self.house.clock.business(), language=language, purchase_order=purchase_order, quote=quote,
            )  # fmt: skip
        paper = draw(self.house.plugins, "agreement", language, terms)
        with self.unit(by or self.client) as uow:
            document = contracts.send(
                uow, contract=self.contract, paper=paper, terms=terms, quote=quote, purchase_order=purchase_order
            )
            uow.commit()
        return document

    def sign(self, by: str, sha256: str = "") -> str:
        """Sign the agreement as ``by``; returns the contract's state."""
        from marketwright.features.contracts.tables import ContractDocument

        with self.unit(by) as uow:
            row = uow.session.get_one(Contract, self.contract)
            read = sha256 or uow.session.get_one(ContractDocument, row.document_id).sha256
            state = contracts.sign(uow, contract=self.contract, sha256=read)
            uow.commit()
        return state

    def signed(self, *works: int, **how: Any) -> "Stage":
        """Agree, send and sign on both sides."""
        self.agree(*works, **how)
        self.send()
        self.sign(self.freelancer)
        self.sign(self.client)
        return self

    def begin_all(self) -> "Stage":
        """Give every milestone its turn at once, as that of periods comes whatever the one before does."""
        with self.unit() as uow:
            for milestone in self.milestones:
                row, _contract, process = load(uow.session, milestone)
                if row.entered_at is None:
                    enter(uow, row, process)
            uow.commit()
        return self

    def take(self, transition: str, by: Actor | str, *, n: int = 0, **ask: Any) -> Taken:
        """Take ``transition`` of milestone ``n`` (from 0)."""
        with self.unit(by) as uow:
            taken = take(uow, milestone=self.milestones[n], transition=transition, ask=Ask(**ask))
            uow.commit()
        return taken

    def deliver(self, *, n: int = 0, transition: str = "deliver", note: str = "Done") -> None:
        """Hand milestone ``n`` over."""
        with self.unit(self.freelancer) as uow:
            deliver(uow, milestone=self.milestones[n], transition=transition, note=note)
            uow.commit()

    def hand_over(self, transition: str, *, n: int = 0) -> Taken:
        """Hand over the example of what ``transition`` delivers, as the side that takes it."""
        with self.house.database.reading() as session:
            row = session.get_one(Contract, self.contract)
            way = pinned(session, row.process, row.process_version).way(transition)
            entry = self.house.plugins.deliverables[way.delivers]
            agreed = agreed_in(session, row.proposal_id).get(way.delivers, {})
            before = body_before(session, self.house.ports, self.milestones[n], entry.it.follows)
        handed = handed_example(entry, agreed, before)
        with self.unit(self.client if way.actor is Role.CLIENT else self.freelancer) as uow:
            taken, _delivery = hand_over(uow, milestone=self.milestones[n], transition=transition, handed=handed)
            uow.commit()
        return taken

    def answer(self, command: str, outcome: Outcome = Outcome.CONFIRMED, reason: str = "") -> None:
        """Let the provider report what became of ``command``."""
        with self.unit(system("provider")) as uow:
            self.hear(uow, command, outcome, reason)
            uow.commit()

    @staticmethod
    def hear(uow: UnitOfWork, command: str, outcome: Outcome = Outcome.CONFIRMED, reason: str = "") -> None:
        """The same within ``uow``."""
        amount = uow.session.get_one(PaymentCommand, command).amount if outcome is Outcome.CONFIRMED else None
        answer = Answer(outcome, reference="r", reason=reason, amount=amount)
        apply(uow, Fact(new_id(), command, answer), hold_days=90)

    def fund(self, *, n: int = 0) -> None:
        """Pay milestone ``n`` in, confirmed."""
        self.answer(self.take("fund", self.client, n=n).command)

    def milestone(self, n: int = 0) -> Milestone:
        """Milestone ``n`` as it stands."""
        with self.house.database.reading() as session:
            return session.get_one(Milestone, self.milestones[n])

    def row(self) -> Contract:
        """The contract as it stands."""
        with self.house.database.reading() as session:
            return session.get_one(Contract, self.contract)

    def move(self, **by: float) -> None:
        """Move business time forward."""
        with self.unit() as uow:
            move_clock(uow, timedelta(**by))
            uow.commit()
        self.house.database.clock.forget()


def quote_over(*works: int, currency: str = "EUR") -> Quote:
    """A quote over parts of ``works``: 20 % VAT, 3 % from the client, 7 % from the freelancer."""
    deal = Deal(
        currency, tuple(Part(f"Part {n + 1}", Money(w, currency)) for n, w in enumerate(works)), FR, FR,
        on=date(2026, 5, 4), marketplace="FR",
    )  # fmt: skip
    lines: list[Line] = []
    for n, work in enumerate(works):
        fees = {LineKind.CLIENT_FEE: share_bps(work, 300), LineKind.FREELANCER_FEE: share_bps(work, 700)}
        amounts = {
            LineKind.WORK: work, LineKind.WORK_TAX: share_bps(work, 2000), **fees,
            LineKind.CLIENT_FEE_TAX: share_bps(fees[LineKind.CLIENT_FEE], 2000),
            LineKind.FREELANCER_FEE_TAX: share_bps(fees[LineKind.FREELANCER_FEE], 2000),
        }  # fmt: skip
        bps = {LineKind.CLIENT_FEE: 300, LineKind.FREELANCER_FEE: 700}
        lines += [Line(k, str(k), Money(a, currency), n, rule="test", bps=bps.get(k)) for k, a in amounts.items()]
    return Quote(deal, tuple(lines))
