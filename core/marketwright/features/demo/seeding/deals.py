"""Deals in every state: open proposals, contracts from draft to released, bills, reviews."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from marketwright.features.contracts import service as contracts
from marketwright.features.contracts import steps
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.receiving import receive
from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.tables import Contract, ContractDocument, Milestone
from marketwright.features.contracts.terms import agreement_terms
from marketwright.features.demo.seeding.meeting import authorise
from marketwright.features.demo.seeding.play import Play
from marketwright.features.demo.seeding.source import Source, suits
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.demo.seeding.talks import Casting, apply, converse, scripts
from marketwright.features.invoicing.queries import bill_of
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.payments import destinations
from marketwright.features.payments import queries as payments
from marketwright.features.payments.running import run
from marketwright.features.payments.tables import CommandState
from marketwright.features.pricing.wire import quote_from_json
from marketwright.features.proposals import service as proposals
from marketwright.features.proposals.offers import Offer, days_line
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote
from marketwright.web.i18n import speaking

# Target, course, and how many days ago the proposal was made.
TARGETS: tuple[tuple[str, str, float], ...] = (
    ("proposed", "milestones", 3), ("proposed", "milestones", 2), ("proposed", "invoice", 1.5),
    ("proposed", "milestones", 6), ("countered", "milestones", 4), ("countered", "milestones", 3),
    ("countered", "invoice", 5), ("declined", "milestones", 12), ("declined", "milestones", 9),
    ("withdrawn", "milestones", 8), ("accepted", "milestones", 2), ("sent", "milestones", 3),
    ("half_signed", "milestones", 4), ("half_signed", "invoice", 3), ("active", "milestones", 6),
    ("active", "milestones", 5), ("funded", "milestones", 6), ("funded", "milestones", 9),
    ("funded", "milestones", 7), ("delivered", "milestones", 14), ("delivered", "milestones", 13),
    ("delivered", "invoice", 15), ("changes", "milestones", 13), ("deciding", "milestones", 16),
    ("released", "milestones", 45), ("released", "milestones", 52), ("released", "invoice", 48),
    ("ended", "milestones", 75), ("ended", "milestones", 90), ("ended", "milestones", 110), ("ended", "invoice", 95),
    ("ended", "milestones", 130), ("ended", "milestones", 150), ("ended", "milestones", 61),
    ("ended", "milestones", 84), ("ended", "milestones", 99), ("billed", "invoice", 16), ("part_paid", "invoice", 24),
    ("disagreed", "invoice", 62),
)  # fmt: skip

APPLIED = 2  # days before the proposal
OPEN = ("proposed", "countered", "declined", "withdrawn")  # nobody was found yet
INSTEAD = {"funded": "active", "deciding": "changes"}  # where no process holds money

IBAN = "FR7630006000011234567890189"  # the example of the French banks: it belongs to nobody
LONGEST = 60  # days to the last date: whoever is done early pays the next one in at once, and it is held for 90 at most


def _targets(offered: Sequence[str]) -> list[tuple[str, str, float]]:
    """The targets, on the course without a hold where the marketplace does not offer theirs."""
    if "invoice" not in offered:
        return list(TARGETS)
    return [(t, p, d) if p in offered else (INSTEAD.get(t, t), "invoice", d) for t, p, d in TARGETS]


def bring_deals(stage: Stage, source: Source) -> None:
    """Play every target; what cannot be played is noted and left out."""
    stage.casting = stage.casting or Casting(stage, source)
    for number, (target, process, days_ago) in enumerate(_targets(stage.house.marketplace.deal.processes)):
        missions = stage.casting.deals(struck=target not in OPEN, since=days_ago + APPLIED)
        mission = missions[(number * 7) % len(missions)] if missions else None
        person = stage.casting.pick(mission, business=True) if mission else None
        if mission is None or person is None:
            continue
        play = Play(stage, source, mission, person, process, days_ago)
        try:
            _play(play, target)
            stage.played.append((target, play.client, play.freelancer))
        except MarketwrightError as error:
            stage.notes.append(f"deal {number} ({target}) {mission['key']} with {person['key']}: {error}")


def _play(play: Play, target: str) -> None:
    propose(play, offer_of(play))
    if target in OPEN:
        _leave_open(play, target)
        return
    _accept(play)
    if target == "accepted":
        return
    send(play)
    if target == "sent":
        return
    sign(play, play.freelancer)
    if target == "half_signed":
        return
    sign(play, play.client)
    if target == "active":
        return
    authorise(play)
    milestones = milestones_of(play)
    if target == "ended":
        for milestone in milestones:
            _whole_milestone(play, milestone)
        play.stage.finished.append((play.contract, play.client, play.freelancer, play.days_ago, play.mission))
        return
    if target == "released":
        _whole_milestone(play, milestones[0])
        return
    if target in ("billed", "part_paid", "disagreed"):
        _billed(play, milestones[0], target)
        return
    _work(play, milestones[0], target)


def thread_for(play: Play) -> str:
    """An application with its conversation."""
    thread = apply(play.stage, play.source, play.mission, play.person, days_ago=play.days_ago + APPLIED)
    fitting = scripts(play.source, play.mission, "before")
    if fitting:
        script = play.stage.random.choice(fitting)
        converse(play.stage, thread, play.mission, play.person, script, days_ago=play.days_ago + 1.8)
    return thread


def propose(play: Play, offer: Offer) -> Quote:
    """An application, its conversation, and ``offer`` as the first round; returns what it costs."""
    quote = play.quote(offer)
    thread = thread_for(play)
    play.proposal = str(play.act(play.freelancer, lambda uow: proposals.propose(
        uow, thread=thread, offer=offer, quote=quote, process=play.process)))  # fmt: skip
    return quote


def agree(play: Play, offer: Offer) -> None:
    """From the proposal of ``offer`` to both signatures, without a further round."""
    quote = propose(play, offer)
    play.later(0.8)
    play.contract = str(play.act(play.client, lambda uow: proposals.accept(
        uow, proposal=play.proposal, round_number=1, quote=quote)))  # fmt: skip
    send(play)
    sign(play, play.freelancer)
    sign(play, play.client)


def offer_of(play: Play, *, factor: float = 1.0, agreed: Mapping[str, Mapping[str, Any]] | None = None) -> Offer:
    """An offer over the milestones that the demo data has for the trade, at the person's rate times ``factor``."""
    mission, texts = play.mission, play.source.texts["milestones"]
    own_course = [t for t in texts if t.get("process") == play.process]
    texts = own_course or [t for t in texts if "process" not in t]
    fitting = [t for t in texts if t["language"] == mission["language"] and suits(t, mission)]
    own = [t for t in fitting if set(t) & set(mission["fields"])]
    lines = (own or fitting or [t for t in texts if t["language"] == mission["language"]])[0]["lines"]
    rate = round(play.person["day_rate_minor"] * factor / 1000) * 1000
    due = play.stage.ago(days=play.days_ago) + timedelta(days=12)
    made, faster = [], min(1.0, LONGEST / sum(line["days"] * 2 for line in lines))
    for line in lines:
        due += timedelta(days=round(line["days"] * 2 * faster))
        made.append(days_line(line["title"], line["days"], rate, due.date(), line["description"]))
    note = "Je commence à la date prévue." if mission["language"] == "fr" else "I can start on the date you named."
    return Offer(tuple(made), note=note, start_on=(play.stage.ago(days=play.days_ago) + timedelta(days=10)).date(),
                 agreed=agreed or {})  # fmt: skip


def _leave_open(play: Play, target: str) -> None:
    play.later(0.7)
    if target == "countered":
        offer = offer_of(play, factor=0.94)
        quote = play.quote(offer)
        play.act(play.client, lambda uow: proposals.counter(uow, proposal=play.proposal, offer=offer, quote=quote))
    elif target == "declined":
        reasons = [r["text"] for r in play.source.texts["decline_reasons"] if r["language"] == play.mission["language"]]
        reason = play.stage.random.choice(reasons)
        play.act(play.client, lambda uow: proposals.decline(uow, proposal=play.proposal, reason=reason))
    elif target == "withdrawn":
        play.act(play.freelancer, lambda uow: proposals.withdraw(uow, proposal=play.proposal))


def _accept(play: Play) -> None:
    play.later(0.5)
    offer = offer_of(play, factor=0.96)
    quote = play.quote(offer)
    play.act(play.client, lambda uow: proposals.counter(uow, proposal=play.proposal, offer=offer, quote=quote))
    play.later(0.3)
    play.contract = str(
        play.act(play.freelancer, lambda uow: proposals.accept(
            uow, proposal=play.proposal, round_number=2, quote=quote))
    )  # fmt: skip


def send(play: Play) -> None:
    """Draw the document up and send it to both."""
    house = play.stage.house
    at = play.stage.ago(days=play.days_ago)
    with house.database.reading() as session, speaking(play.mission["language"], house.catalogues):
        contract = session.get_one(Contract, play.contract)
        process = pinned(session, contract.process, contract.process_version)
        holder = payments.who_holds(house.plugins, contract.provider) if process.holds else ""
        terms = agreement_terms(
            session, house.marketplace, contract, process, plugins=house.plugins, holder=holder, at=at,
            language=play.mission["language"], purchase_order="",
        )  # fmt: skip
        quote = quote_from_json(contract.quote)
    paper = draw(house.plugins, "agreement", play.mission["language"], terms)
    play.later(0.1)
    play.act(play.client, lambda uow: contracts.send(
        uow, contract=play.contract, paper=paper, terms=terms, quote=quote
    ))  # fmt: skip


def sign(play: Play, by: str) -> None:
    """Sign as ``by``."""
    play.later(0.4)
    with play.stage.house.database.reading() as session:
        contract = session.get_one(Contract, play.contract)
        digest = session.scalar(select(ContractDocument.sha256).where(ContractDocument.id == contract.document_id))
    play.act(by, lambda uow: contracts.sign(uow, contract=play.contract, sha256=str(digest)))


def milestones_of(play: Play) -> list[str]:
    """The milestones of the contract, by number."""
    with play.stage.house.database.reading() as session:
        return list(session.scalars(
            select(Milestone.id).where(Milestone.contract_id == play.contract).order_by(Milestone.number)
        ))  # fmt: skip


def step(play: Play, by: str, milestone: str, transition: str, ask: steps.Ask | None = None) -> None:
    """Take a transition as ``by``; money that it moves has moved afterwards."""
    taken = play.act(by, lambda uow: steps.take(uow, milestone=milestone, transition=transition, ask=ask))
    _settle(play, taken.command if isinstance(taken, steps.Taken) else "")


def _settle(play: Play, command: str) -> None:
    """Run the payment command, and those that follow from it, at the moment that has been reached."""
    house = play.stage.house
    with house.database.pretending(play.stage.ago(days=play.days_ago)):
        if command:
            run(house, command, mandate="demo")
        with house.database.reading() as session:
            waiting = [c.id for c in payments.commands(session, states=(CommandState.PENDING,))]
        for following in waiting:
            run(house, following, mandate="demo")


def deliver(play: Play, milestone: str, transition: str = "deliver") -> None:
    """Hand over with a note that the demo data has for the trade."""
    fitting = [d for d in play.source.texts["deliveries"] if d["language"] == play.mission["language"]]
    delivery = play.stage.random.choice(fitting)
    note = f"**{delivery['title']}**\n\n{delivery['note']}"
    play.act(play.freelancer, lambda uow: steps.deliver(uow, milestone=milestone, transition=transition, note=note))


def _work(play: Play, milestone: str, target: str) -> None:
    if play.process == "milestones":
        play.later(0.5)
        step(play, play.client, milestone, "fund")
    if target == "funded":
        return
    play.later(6)
    deliver(play, milestone)
    if target == "delivered":
        return
    play.later(1)
    french = play.mission["language"] == "fr"
    note = "Le chapitre 3 manque de preuves rejouables." if french else "Chapter 3 lacks evidence we can replay."
    step(play, play.client, milestone, "ask_changes", steps.Ask(note=note))
    if target == "changes":
        return
    play.later(2)
    note = "Nous ne sommes pas d’accord sur le périmètre." if french else "We do not agree on the scope."
    step(play, play.client, milestone, "ask_decision_changes", steps.Ask(note=note))


def _billed(play: Play, milestone: str, target: str) -> None:
    """Work that was accepted and invoiced: to be paid, paid in part, or late with two words about it."""
    play.act(play.freelancer, lambda uow: _name_account(uow, play))
    play.later(3)
    deliver(play, milestone)
    play.later(2)
    step(play, play.client, milestone, "approve", steps.Ask(reauthenticated=True))
    if target == "part_paid":
        play.later(6)
        play.act(play.freelancer, lambda uow: _receive_half(uow, milestone))
    if target == "disagreed":
        french = play.mission["language"] == "fr"
        play.later(34)
        note = "Virement fait lundi." if french else "Transferred on Monday."
        step(play, play.client, milestone, "mark_paid", steps.Ask(note=note))
        play.later(3)
        note = "Rien n’est arrivé jusqu’ici." if french else "Nothing has arrived so far."
        step(play, play.freelancer, milestone, "not_arrived", steps.Ask(note=note))


def _name_account(uow: UnitOfWork, play: Play) -> None:
    if destinations.destination(uow.session, play.freelancer) is None:
        destinations.change(uow, freelancer=play.freelancer, holder=play.person["name"], iban=IBAN)


def _receive_half(uow: UnitOfWork, milestone: str) -> None:
    bill = bill_of(uow.session, milestone)
    assert bill is not None
    half = Money(bill.total.amount // 2, bill.total.currency)
    receive(uow, bill=bill.id, arrival=Arrival(half, "half", uow.now.date()))


def _whole_milestone(play: Play, milestone: str) -> None:
    if play.process == "milestones":
        play.later(0.5)
        step(play, play.client, milestone, "fund")
    play.later(4)
    deliver(play, milestone)
    play.later(2)
    step(play, play.client, milestone, "approve", steps.Ask(reauthenticated=True))
    if play.process == "invoice":
        play.later(3)
        step(play, play.client, milestone, "mark_paid", steps.Ask(note=""))
        play.later(1)
        step(play, play.freelancer, milestone, "confirm")

