"""Playing one deal of each process from an empty marketplace to its end, and writing down every moment."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from marketwright.features.contracts import service as contracts
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.documents import body_of
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.examples import agreed_examples, handed_example
from marketwright.features.contracts.handed import HandedOver
from marketwright.features.contracts.handing import hand_over
from marketwright.features.contracts.paper import article
from marketwright.features.contracts.registry import pinned, processes
from marketwright.features.contracts.sealed import body_before
from marketwright.features.contracts.simulate import LONGEST, shortest
from marketwright.features.contracts.steps import Ask, deliver, take
from marketwright.features.contracts.tables import Contract, ContractDocument, Milestone
from marketwright.features.contracts.terms import agreement_terms
from marketwright.features.contracts.timesheets import Worked, dates, note_days
from marketwright.features.contracts.waiting import opens_next, over
from marketwright.features.invoicing.invoices import InvoiceRow, invoices, waiting_rows
from marketwright.features.invoicing.jobs import issue_all, office_of
from marketwright.features.invoicing.queries import bills_of
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.ledger.verify import verify
from marketwright.features.notifications.tables import Mail
from marketwright.features.papers.acting import meet_one, open_conditions
from marketwright.features.payments import queries as payments
from marketwright.features.payments.applying import apply
from marketwright.features.payments.tables import CommandState, Hold, PaymentCommand
from marketwright.features.pricing.wire import quote_from_json
from marketwright.features.proposals.offers import Offer, OfferLine, days_line
from marketwright.features.rehearsal import people
from marketwright.features.rehearsal.people import Players
from marketwright.features.rehearsal.script import Deal, Leg, Letter, Moment, Paper, PriceLine
from marketwright.kernel.errors import Conflict
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_
from marketwright.store.ring import Ring
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, CommandKind, Fact, Outcome
from marketwright.strategies.pricing import Quote
from marketwright.strategies.processes import Process, Role, Sale, Transition
from marketwright.web.formats import show_date, show_money
from marketwright.web.house import House
from marketwright.web.i18n import gettext, speaking, translate

BEGIN = datetime(2030, 1, 7, 9, tzinfo=UTC)  # a Monday
WORKS = (4_000, 2_500)  # two milestones, in units of the currency
DAYS, DELIVERY = 5, 10  # days of work of a period, days until a service is handed over
HOLD_DAYS = 90
KIND_WORDS = {
    "work": N_("Work"), "work_tax": N_("Tax on the work"), "client_fee": N_("Fee of the {client}"),
    "client_fee_tax": N_("Tax on the fee of the {client}"), "freelancer_fee": N_("Fee of the {freelancer}"),
    "freelancer_fee_tax": N_("Tax on the fee of the {freelancer}"),
}  # fmt: skip
_TELLS = ("tell", "mail.send")  # jobs that a rehearsal runs: nothing is asked of anybody outside


def play_all(house: House, *, language: str, names: Sequence[str]) -> list[Deal]:
    """One deal of each process in ``names``, in a scratch house; nothing leaves it."""
    house.database.subscribers[:] = ["notifications"]
    house.worker.handlers = {
        kind: handler if kind in _TELLS else _rest for kind, handler in house.worker.handlers.items()
    }
    known, players = processes(house.plugins), Players(house, language, BEGIN)
    with speaking(language, house.catalogues):
        people.meet(players)
        return [_Play(players, known[name]).whole() for name in names]


def _rest(_job: object) -> None:
    """A job that a rehearsal leaves out."""


class _Play:
    """One deal."""

    def __init__(self, players: Players, process: Process) -> None:
        self.players, self.house, self.process = players, players.house, process
        self.deal = Deal(process.name, translate(process.label), translate(process.summary))
        self.office = office_of(self.house.marketplace, self.house.plugins, self.house.catalogues)
        self._known: set[str] = set()
        self._collect()

    def whole(self) -> Deal:
        """From the mission to the end of the last milestone."""
        p = self.players
        people.publish(p, gettext("A sample: %(process)s", process=self.deal.label))
        self._note("client", gettext("publishes {mission.a}"))
        p.later(days=1)
        thread = people.talk(p)
        self._note("freelancer", gettext("applies"))
        p.later(days=1)
        offer = self._offer()
        quote = people.price(p, offer.lines)
        self.deal.price = tuple(_price(quote))
        if self.process.sale is Sale.SERVICE:
            people.buy(p, thread, offer, quote, self.process.name)
            self._note("client", gettext("buys the service"))
        else:
            proposal = people.propose(p, thread, offer, quote, self.process.name)
            self._note("freelancer", gettext("makes {proposal.a}"))
            p.later(days=1)
            people.accept(p, proposal, quote)
            self._note("client", gettext("accepts the {proposal}"))
        self._agree()
        for milestone in self._milestones():
            self._finish(milestone)
        seal_all(self.house.database, self.house.marketplace.var)
        with self.house.database.reading() as session:
            kept_back = [w for w in waiting_rows(session, everything=True) if w.contract == p.contract]
            self.deal.waits = tuple(dict.fromkeys(f"{show_money(w.amount)} · {translate(w.reason)}" for w in kept_back))
            self.deal.findings = tuple(f"{f.rule} {f.row} {f.says}" for f in verify(session) if f.grave)
        return self.deal

    def _offer(self) -> Offer:
        """Two parts at a fixed price; by the day two periods of two weeks; a service is one part."""
        unit, start = 10 ** exponent(self.house.marketplace.currency), (self.players.at + timedelta(days=7)).date()
        titles = [gettext("Part %(n)s", n=n + 1) for n in range(len(WORKS))]
        if self.process.by_day:
            lines = [days_line(titles[n], DAYS, work * unit // DAYS, start + timedelta(days=14 * (n + 1) - 1))
                     for n, work in enumerate(WORKS)]  # fmt: skip
            return Offer(tuple(lines), start_on=start)
        parts = WORKS[:1] if self.process.sale is Sale.SERVICE or self.process.most_days else WORKS
        within = DELIVERY if self.process.sale is Sale.SERVICE else None
        agreed = agreed_examples(self.house.plugins, self.process.deliverables, self.players.at.date())
        lines_ = tuple(OfferLine(titles[n], work * unit, within=within) for n, work in enumerate(parts))
        return Offer(lines_, agreed=agreed)

    def _agree(self) -> None:
        p, house = self.players, self.house
        with house.database.reading() as session:
            row = session.get_one(Contract, p.contract)
            self.process = pinned(session, row.process, row.process_version)
            holder = payments.who_holds(house.plugins, row.provider) if self.process.holds else ""
            terms = agreement_terms(session, house.marketplace, row, self.process, plugins=house.plugins, holder=holder,
                                    at=p.at, language=p.language, purchase_order="")  # fmt: skip
            quote = quote_from_json(row.quote)
            self.deal.reference = row.reference
        paper = draw(house.plugins, "agreement", p.language, terms)
        with p.unit("client") as uow:
            contracts.send(uow, contract=p.contract, paper=paper, terms=terms, quote=quote)
        self._note("client", gettext("sends the {contract} for signature"))
        for side in ("freelancer", "client"):
            p.later(hours=5)
            with p.unit(side) as uow:
                contracts.sign(uow, contract=p.contract, sha256=paper.sha256)
            self._note(side, gettext("signs"))
        self._meet_conditions()

    def _meet_conditions(self) -> None:
        with self.house.database.reading() as session:
            names = open_conditions(session, self.players.contract)
        self._meet(names)

    def _agree_times_anew(self) -> None:
        """Hand in again what was agreed for times that have passed by now, as the two sides would."""
        p = self.players
        with self.house.database.reading() as session:
            self._meet(sorted(over(session, p.contract, self.house.plugins.conditions, p.at)))

    def _meet(self, names: Iterable[str]) -> None:
        p = self.players

        def act(role: Role, deed: Callable[[UnitOfWork], object]) -> None:
            with p.unit(str(role)) as uow:
                deed(uow)

        for name in names:
            p.later(hours=2)
            with self.house.database.pretending(p.at):
                condition = meet_one(self.house, p.contract, name, act, words=gettext("In writing."))
            self._note(str(condition.role), translate(condition.label))

    def _milestones(self) -> list[str]:
        with self.house.database.reading() as session:
            query = select(Milestone.id).where(Milestone.contract_id == self.players.contract)
            return list(session.scalars(query.order_by(Milestone.number)))

    def _finish(self, milestone: str) -> None:
        for _ in range(LONGEST):
            state = self._state(milestone)
            if self.process.state(state).end:
                return
            way = shortest(self.process, state, patient=False)
            if way is None:
                break
            self.players.later(days=2)
            self._step(milestone, way)
        raise Conflict("The process %(name)s comes to no end by itself from the state %(state)s.",
                       name=self.process.name, state=state)  # fmt: skip

    def _state(self, milestone: str) -> str:
        with self.house.database.reading() as session:
            return session.get_one(Milestone, milestone).state

    def _step(self, milestone: str, way: Transition) -> None:
        p, side = self.players, "freelancer" if way.actor is Role.FREELANCER else "client"
        command, handed = "", self._handed(milestone, way)
        if "sheet" in way.asks:
            self._note_days(milestone)
        self._agree_times_anew()
        with self.house.database.reading() as session:
            p.at = opens_next(session, milestone, way.name, p.at) or p.at
        with p.unit(side) as uow:
            if handed is not None:
                hand_over(uow, milestone=milestone, transition=way.name, handed=handed)
            elif "files" in way.asks:
                deliver(uow, milestone=milestone, transition=way.name, note=gettext("Done as agreed."))
            else:
                note = gettext("As agreed.") if "note" in way.asks else ""
                taken = take(uow, milestone=milestone, transition=way.name, ask=Ask(note=note, reauthenticated=True))
                command = taken.command
        self._note(side, translate(way.label), self._label(milestone))
        if command:
            p.later(hours=1)
            self._confirm(command)
            self._note("provider", gettext("confirms"), self._label(milestone))
            for payout in self._payouts():
                p.later(hours=1)
                self._confirm(payout)
                self._note("provider", gettext("pays out to the {freelancer}’s bank"))

    def _payouts(self) -> list[str]:
        """Payouts of this deal that wait for the provider."""
        c = PaymentCommand
        with self.house.database.reading() as session:
            of_deal = select(Hold.id).where(Hold.contract_id == self.players.contract)
            return list(session.scalars(select(c.id).where(
                c.kind == CommandKind.PAYOUT, c.state == CommandState.PENDING, c.hold_id.in_(of_deal))))  # fmt: skip

    def _handed(self, milestone: str, way: Transition) -> HandedOver | None:
        """The example of what ``way`` hands over, ``None`` where it hands over nothing in a form."""
        entry = self.house.plugins.deliverables.get(way.delivers)
        if entry is None:
            return None
        with self.house.database.reading() as session:
            row = session.get_one(Contract, self.players.contract)
            agreed = agreed_in(session, row.proposal_id).get(way.delivers, {})
            before = body_before(session, self.house.ports, milestone, entry.it.follows)
        return handed_example(entry, agreed, before)

    def _note_days(self, milestone: str) -> None:
        """Let the period pass, with some of its days worked and one half day."""
        p = self.players
        with self.house.database.reading() as session:
            row = session.get_one(Milestone, milestone)
            first, last = row.starts_on, row.due_on
        if first is None or last is None:
            return
        p.at = max(p.at, datetime.combine(last, p.at.timetz()) + timedelta(days=1))
        days = [d for d in dates(first, last) if d.weekday() < 5][: DAYS - 1]
        worked = {d: Worked(1 if n == len(days) - 1 else 2, gettext("Work")) for n, d in enumerate(days)}
        with p.unit("freelancer") as uow:
            note_days(uow, milestone=milestone, days=worked)
        self._note("freelancer", gettext("notes the days worked"))

    def _label(self, milestone: str) -> str:
        return translate(self.process.state(self._state(milestone)).label)

    def _confirm(self, command: str) -> None:
        with self.players.unit() as uow:
            row = uow.session.get_one(PaymentCommand, command)
            answer = Answer(Outcome.CONFIRMED, reference="rehearsal", amount=row.amount)
            apply(uow, Fact(new_id(), command, answer), hold_days=HOLD_DAYS)

    def _note(self, who: str, what: str, state: str = "") -> None:
        """Let what follows be told, then write the moment down with everything that is new."""
        with self.house.database.pretending(self.players.at):
            self.house.worker.drain()
            issue_all(self.house.database, self.office)
            self.house.worker.drain()
        entries, papers, letters = self._collect()
        name = self.players.name(who) if who != "provider" else gettext("The payment provider")
        self.deal.moments.append(Moment(self.players.at, name, what, state, entries, papers, letters))

    def _collect(self) -> tuple[tuple[tuple[Leg, ...], ...], tuple[Paper, ...], tuple[Letter, ...]]:
        with self.house.database.reading() as session:
            booked = [t for t in session.scalars(select(LedgerTransaction).order_by(LedgerTransaction.created_at))
                      if self._new(t.id)]  # fmt: skip
            entries = tuple(
                tuple(
                    Leg(leg.account, Money(leg.amount, leg.currency), gettext(t.memo) if t.memo else "")
                    for leg in session.scalars(
                        select(LedgerLeg).where(LedgerLeg.transaction_id == t.id).order_by(LedgerLeg.position)
                    )
                )
                for t in booked
            )
            ring = self.house.ports.get(Ring)
            papers = [Paper(d.title, article(body_of(session, ring, d.id)), d.sha256)
                      for d in session.scalars(select(ContractDocument).order_by(ContractDocument.created_at))
                      if self._new(d.id)]  # fmt: skip
            papers += [
                Paper(gettext("Bill %(number)s", number=b.number), "", rows=(
                    (b.title, show_money(b.work)), (gettext("Tax"), show_money(b.work_tax)),
                    (gettext("To pay"), show_money(b.total)), (gettext("Due"), show_date(b.due_at)),
                ))
                for b in (bills_of(session, self.players.contract) if self.players.contract else [])
                if self._new(b.id)
            ]  # fmt: skip
            issued, _total = invoices(session)
            papers += [_invoice(row) for row in sorted(issued, key=lambda i: i.number) if self._new(row.id)]
            letters = tuple(
                Letter(m.address, m.subject, tuple(m.body), m.action_label)
                for m in session.scalars(select(Mail).order_by(Mail.created_at, Mail.id)) if self._new(m.id)
            )  # fmt: skip
        return entries, tuple(papers), letters

    def _new(self, id_: str) -> bool:
        found = id_ not in self._known
        self._known.add(id_)
        return found


def _invoice(row: InvoiceRow) -> Paper:
    """An invoice as it was issued: from whom to whom, every line, every tax, what the law makes it say."""
    body, currency = row.body, row.gross.currency

    def money(amount: int) -> str:
        return show_money(Money(amount, currency))

    by = ((gettext("Issued for them by"), str(body["issuer"]["name"])),) if body["issuer"].get("name") else ()
    return Paper(gettext("Invoice %(number)s", number=row.number), "", rows=(
        (gettext("From"), f"{body['seller']['name']} ({body['seller'].get('vat_number') or '–'})"), *by,
        (gettext("To"), f"{body['buyer']['name']} ({body['buyer'].get('vat_number') or '–'})"),
        *((str(x["text"]), money(x["net"])) for x in body["lines"]),
        *((gettext("Tax of %(share)s %% on %(basis)s", share=f"{x['bps'] / 100:g}", basis=money(x["basis"])),
           money(x["tax"])) for x in body["taxes"]),
        (gettext("To pay"), show_money(row.gross)), (gettext("Paid already"), show_money(row.paid)),
        *((gettext("It says"), str(m["text"])) for m in body["mentions"]),
    ))  # fmt: skip


def _price(quote: Quote) -> list[PriceLine]:
    """The lines of all parts, summed by kind and rule."""
    sums: dict[tuple[str, str], tuple[str, Money]] = {}
    for line in quote.lines:
        key = (str(line.kind), line.rule)
        label, before = sums.get(key, (gettext(KIND_WORDS[line.kind.value]), Money(0, line.amount.currency)))
        sums[key] = (label, before + line.amount)
    totals = ((gettext("The {client} pays"), quote.client_pays()), (gettext("The {freelancer} receives"),
              quote.freelancer_receives()))  # fmt: skip
    return [PriceLine(label, amount, rule) for (_kind, rule), (label, amount) in sums.items()] + [
        PriceLine(label, amount, "") for label, amount in totals
    ]
