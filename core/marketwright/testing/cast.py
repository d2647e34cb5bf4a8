"""Everybody who may stand before a page, with something of each kind to look at; for tests that walk all routes."""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.permissions import ROLES
from marketwright.features.accounts.sessions import token_hash
from marketwright.features.accounts.tables import SessionRow
from marketwright.features.contracts.amendments import amendment_terms, propose_amendment
from marketwright.features.contracts.conditions import meet
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.receiving import receive
from marketwright.features.contracts.tables import Contract
from marketwright.features.facets.samples import some_answer
from marketwright.features.files import service as files
from marketwright.features.invoicing.queries import bills_of
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.invoicing.standing import payments_of
from marketwright.features.matching.service import place_by_hand, shortlist, write_note
from marketwright.features.messaging import service as messaging
from marketwright.features.messaging.tables import Message
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.notices.tables import ContentNotice
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.features.papers.acting import meet_one, open_conditions
from marketwright.features.papers.tables import OutsideSigner
from marketwright.features.profiles.service import create_profile
from marketwright.features.proposals import service as proposals
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.reviews import service as reviews
from marketwright.features.skills.service import import_taxonomy
from marketwright.features.subscriptions.tables import Subscription, SubscriptionBill
from marketwright.features.vetting.checks import APPROVAL as CHECK
from marketwright.features.vetting.service import Handed, admit, hand_in
from marketwright.features.vetting.tables import Evidence
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.rows import Row
from marketwright.store.tables import JobRow
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Role
from marketwright.strategies.vetting import Ask
from marketwright.testing.agreed import Stage, quote_over
from marketwright.testing.castlist import Cast
from marketwright.testing.stock import stock
from marketwright.web.house import House

BIO = "Twelve years of looking after hospitals, banks and water works on their own request. " * 2
BRIEF = "Find out how well the work goes from one desk of ours to the next, and tell us what to mend first. " * 2
SKILL = "tests.review"
CLIENT_ROLES = ("owner", "buyer", "approver", "signatory", "finance")


def make_cast(house: House) -> Cast:
    """Everybody and everything, through the rooms' services."""
    cast = Cast(house)
    _skills(cast)
    _sides(cast)
    _others(cast)
    _missions(cast)
    _talk(cast)
    _offer(cast)
    _other_deal(cast)
    _billed_deal(cast)
    _finished_deal(cast)
    _belongings(cast)
    stock(cast, _meet_conditions)
    return cast


def _skills(cast: Cast) -> None:
    with cast.unit() as uow:
        row = Row(2, {"key": SKILL, "label_en": "Review", "label_fr": "Revue"})
        import_taxonomy(uow, [row], taxonomy="tests")
        uow.commit()


def _sides(cast: Cast) -> None:
    stage = cast.stage.meet().signed(500_000, 300_000)
    cast.people |= {"owner": stage.client, "freelancer": stage.freelancer}
    cast.things |= {"organisation": stage.organisation, "contract": stage.contract, "milestone": stage.milestones[1]}
    for role in CLIENT_ROLES[1:]:
        cast.people[role] = _account(cast, role)
        with cast.unit() as uow:
            accounts.add_member(uow, organisation=stage.organisation, account=cast.people[role], roles=[role])
            uow.commit()


def _account(cast: Cast, part: str, *, freelancer: bool = False, confirmed: bool = True) -> str:
    with cast.unit() as uow:
        made = accounts.create_account(
            uow, email=f"{part}@example.org", name=f"Person {part.replace('_', ' ')}", locale="en",
            is_freelancer=freelancer, confirmed=confirmed,
        )  # fmt: skip
        uow.commit()
    return made


def _others(cast: Cast) -> None:
    for role in ROLES:
        cast.people[f"staff_{role}"] = _account(cast, f"staff_{role}")
    for part in ("stranger_freelancer", "hidden_freelancer", "unconfirmed", "suspended"):
        cast.people[part] = _account(cast, part, freelancer=True, confirmed=part != "unconfirmed")
    cast.people["stranger_client"] = _account(cast, "stranger_client")
    with cast.unit() as uow:
        for role in ROLES:
            accounts.join_staff(uow, account=cast.people[f"staff_{role}"], roles=[role])
        cast.things["other_organisation"] = accounts.create_organisation(
            uow, owner=cast.people["stranger_client"], name="Port de Dunes", country="FR", city="Calais", size=90
        )
        cast.things["quiet_organisation"] = accounts.create_organisation(
            uow, owner=cast.people["owner"], name="Never Named SA", country="FR", city="Lille", size=12
        )
        for part in ("freelancer", "stranger_freelancer", "hidden_freelancer"):
            create_profile(
                uow, account=cast.people[part], headline="Internal networks", bio=BIO, city="Lille", country="FR",
                day_rate=65_000, visible=part != "hidden_freelancer",
            )  # fmt: skip
        uow.commit()


def _missions(cast: Cast) -> None:
    asked = [entry.it for entry in cast.house.plugins.fields]
    brief = Brief(
        title="Test our inner network", description=BRIEF, skills=(Wanted(SKILL),), budget=700_000,
        budget_kind="fixed", duration_days=10, city="Lille", country="FR", questions=("Have you done this before?",),
        confidential="The plan of the network.",
        fields={f.name: some_answer(f) for f in asked if f.owner == "mission" and (f.required or f.sealed)},
    )  # fmt: skip
    with cast.unit("owner") as uow:
        cast.things["draft"] = missions.draft(uow, organisation=cast.stage.organisation, brief=brief)
        cast.things["mission"] = missions.draft(uow, organisation=cast.stage.organisation, brief=brief)
        missions.publish(uow, mission=cast.things["mission"])
        uow.commit()


def _talk(cast: Cast) -> None:
    with cast.unit("freelancer") as uow:
        file = files.store(
            uow, data=b"What we agreed on by telephone.", name="notes.txt", purpose="message", owner_kind="account",
            owner_id=cast.people["freelancer"],
        )  # fmt: skip
        cast.things["thread"] = messaging.open_thread(
            uow, mission=cast.things["mission"], freelancer=cast.people["freelancer"], kind="application",
            text="I have done this eleven times.", files=(file,), answers=(("Have you done this before?", "Yes."),),
        )  # fmt: skip
        cast.things["file"] = file
        uow.commit()
    _report(cast)


def _report(cast: Cast) -> None:
    """What the freelancer wrote, reported by the client's owner."""
    with cast.unit() as uow:
        cast.things["message"] = uow.session.scalars(
            select(Message.id).where(Message.thread_id == cast.things["thread"], Message.kind == "text")
        ).one()
        cast.things["report"] = new_id()
        uow.session.add(ContentNotice(
            id=cast.things["report"], kind="message", thing=cast.things["message"], about=cast.people["freelancer"],
            account_id=cast.people["owner"], name="", email="", locale="en", category="other",
            explanation="I did not ask for this.", seen="", at=uow.now, decision="", reason="", decided_by=None,
            decided_at=None,
        ))  # fmt: skip
        uow.commit()


def _offer(cast: Cast) -> None:
    lines = (OfferLine("Attack", 400_000), OfferLine("Report", 300_000))
    with cast.house.database.reading() as session:
        quote = quote_of(
            session, cast.house.plugins, cast.house.marketplace, client=cast.stage.organisation,
            freelancer=cast.people["freelancer"], lines=lines, currency="EUR", on=date(2026, 5, 4),
        )  # fmt: skip
    with cast.unit("freelancer") as uow:
        cast.things["proposal"] = proposals.propose(
            uow, thread=cast.things["thread"], offer=Offer(lines), quote=quote, process="milestones"
        )
        uow.commit()


def _other_deal(cast: Cast) -> None:
    """Two strangers with a deal of their own: what is theirs must not open under somebody else's address."""
    other = Stage(
        cast.house, client=cast.people["stranger_client"], freelancer=cast.people["stranger_freelancer"],
        organisation=cast.things["other_organisation"],
    )  # fmt: skip
    with cast.unit("stranger_client") as uow:
        other.mission = missions.draft(uow, organisation=other.organisation, brief=Brief(title="Somebody else's"))
        uow.commit()
    with cast.unit() as uow:
        for kind, owner in (("organisation", other.organisation), ("freelancer", other.freelancer)):
            accounts.record_identity(
                uow, owner_kind=kind, owner_id=owner, name="Others SARL", form="SARL",
                registration_number="732829320", vat_regime="standard", vat_number="FR44732829320",
                street="2 quai du Risban", postcode="62100", city="Calais", country="FR",
                signatory_title="Manager", signatory_name="Nobody Known",
            )  # fmt: skip
        uow.commit()
    other.signed(250_000)
    cast.things |= {
        "other_contract": other.contract, "other_milestone": other.milestones[0], "other_draft": other.mission,
    }  # fmt: skip


def _meet_conditions(cast: Cast, contract: str) -> None:
    """Hand in whatever the enabled niche asks for before money or work moves."""
    def act(role: Role, deed: Callable[[UnitOfWork], object]) -> None:
        with cast.unit("freelancer" if role is Role.FREELANCER else "owner") as uow:
            deed(uow)
            uow.commit()

    known = cast.house.plugins.conditions
    with cast.house.database.reading() as session:
        asked = open_conditions(session, contract)
    papers = [name for name in asked if known[name].it.fields or known[name].it.paper]
    for name in papers:
        cast.things |= {"condition": name}
        meet_one(cast.house, contract, name, act)
    with cast.unit("owner") as uow:
        for name in (n for n in asked if n not in papers):
            cast.things |= {"condition": name}
            cast.things["condition_file"] = files.store(
                uow, data=b"Go ahead.", name="go.txt", purpose="condition", owner_kind="contract", owner_id=contract
            )
            meet(uow, contract=contract, name=name, evidence="In writing.", on="2026-05-04",
                 file=cast.things["condition_file"])  # fmt: skip
        uow.commit()


def _billed_deal(cast: Cast) -> None:
    """A second deal of the same two sides, without held money: its bill, and an extension that waits for signatures."""
    deal = Stage(cast.house, cast.stage.client, cast.stage.freelancer, cast.stage.organisation)
    with cast.unit("owner") as uow:
        deal.mission = missions.draft(uow, organisation=deal.organisation, brief=Brief(title="Billed afterwards"))
        uow.commit()
    deal.signed(120_000, 80_000, process="invoice")
    _meet_conditions(cast, deal.contract)
    deal.deliver()
    deal.take("approve", deal.client)
    with cast.house.database.reading() as session:
        row = session.get_one(Contract, deal.contract)
        cast.things["bill"] = bills_of(session, deal.contract)[0].id
        lines, quote = [OfferLine("Retest", 90_000)], quote_over(90_000)
        terms = amendment_terms(session, row, lines, quote, reason="One more", at=cast.house.clock.business())
    paper = draw(cast.house.plugins, "amendment", "en", terms)
    with cast.unit("freelancer") as uow:
        part = Arrival(Money(20_000, "EUR"), "part", uow.now.date())
        receive(uow, bill=cast.things["bill"], arrival=part)
        uow.commit()
    with cast.unit() as uow:
        plan = Subscription(
            id=new_id(), owner_kind="organisation", owner_id=deal.organisation, plan="team", next_plan="team",
            terms={"name": "team", "side": "client", "price": 100, "entitlements": []}, period_start=uow.now,
            period_end=uow.now + timedelta(days=30), anchor_day=1, started_at=uow.now, started_by="seed",
        )  # fmt: skip
        uow.session.add(plan)
        uow.flush()
        cast.things["plan"], cast.things["plan_bill"] = plan.id, new_id()
        uow.session.add(SubscriptionBill(
            id=cast.things["plan_bill"], subscription_id=plan.id, number=1, plan="team", amount=100_00, credit=0,
            currency="EUR", period_start=uow.now, period_end=uow.now + timedelta(days=30), due_at=uow.now,
        ))  # fmt: skip
        uow.commit()
    with cast.house.database.reading() as session:
        cast.things["bill_payment"] = payments_of(session, cast.things["bill"])[0].id
    with cast.unit("freelancer") as uow:
        cast.things["amendment"] = propose_amendment(
            uow, contract=deal.contract, reason="One more", lines=lines, quote=quote, paper=paper
        )
        uow.commit()
    cast.things["amended_contract"] = deal.contract


def _finished_deal(cast: Cast) -> None:
    """A third deal, paid out and reviewed by both; and a fourth whose agreement was never sent."""
    deal = Stage(cast.house, cast.stage.client, cast.stage.freelancer, cast.stage.organisation)
    with cast.unit("owner") as uow:
        missions_ = [missions.draft(uow, organisation=deal.organisation, brief=Brief(title=t)) for t in ("Done", "New")]
        uow.commit()
    deal.mission = missions_[0]
    deal.signed(100_000)
    _meet_conditions(cast, deal.contract)
    deal.fund()
    deal.deliver()
    deal.answer(deal.take("approve", deal.client).command)
    for part in ("owner", "freelancer"):
        with cast.unit(part) as uow:
            cast.things["review"] = reviews.write(
                uow, contract=deal.contract, rating=5, text="Clear from the first call to the last line of the report."
            )
            uow.commit()
    with cast.house.database.reading() as session:
        handed = session.execute(select(OutsideSigner.handing_id, OutsideSigner.id).limit(1)).first()
    if handed is not None:
        cast.things |= {"handing": handed[0], "signer": handed[1]}
    cast.things |= {"finished_contract": deal.contract, "released_hold": deal.milestones[0]}
    deal.mission = missions_[1]
    cast.things["unsent_contract"] = deal.agree(50_000)


def _belongings(cast: Cast) -> None:
    """What people find in their corners of the site: a payment, a notice, an invitation, a browser, papers."""
    _meet_conditions(cast, cast.stage.contract)
    cast.things["command"] = cast.stage.take("fund", cast.stage.client).command
    cast.things["document"] = cast.stage.row().document_id or ""
    with cast.unit("owner") as uow:
        cast.things["invitation"] = accounts.invite_member(
            uow, organisation=cast.stage.organisation, email="new@example.org", roles=["buyer"]
        )
        cast.things["secret_file"] = files.store(
            uow, data=b"10.0.0.0/8", name="plan.txt", purpose="confidential", owner_kind="mission",
            owner_id=cast.things["draft"],
        )  # fmt: skip
        token = accounts.start_session(uow, account=cast.people["owner"], agent="another browser")
        cast.things["session"] = uow.session.scalars(
            select(SessionRow.id).where(SessionRow.sha256 == token_hash(token))
        ).one()
        cast.things["notice"] = new_id()
        uow.session.add(
            Notice(
                id=cast.things["notice"], event_id=new_id(), account_id=cast.people["owner"],
                template="There is news.", href="/inbox", at=uow.now,
            )
        )  # fmt: skip
        shortlist(uow, mission=cast.things["mission"], freelancer=cast.people["freelancer"])
        cast.things["note"] = write_note(
            uow, mission=cast.things["mission"], freelancer=cast.people["freelancer"], text="Ask for references."
        )
        cast.things["client_run"] = hand_in(uow, check=CHECK, kind="client", owner=cast.stage.organisation)
        uow.commit()
    _staff_room(cast)
    with cast.unit("staff_moderator") as uow:
        place_by_hand(
            uow, mission=cast.things["mission"], freelancer=cast.people["freelancer"], reason="Worked there before."
        )
        uow.commit()
    with cast.unit("freelancer") as uow:
        paper = files.prepare(b"Insured since 2019.", "insurance.txt", purpose="evidence")
        handed = Handed(Ask("paper", "Your insurance", "file"), file=paper)
        cast.things["run"] = hand_in(
            uow, check=CHECK, kind="freelancer", owner=cast.people["freelancer"], handed=(handed,)
        )
        cast.things["evidence"] = uow.session.scalars(select(Evidence.id)).one()
        uow.commit()


def _staff_room(cast: Cast) -> None:
    """What only the console shows."""
    with cast.unit("staff_admin") as uow:
        cast.things["staff_invitation"] = accounts.invite_staff(uow, email="colleague@example.org", roles=["support"])
        cast.things["verdict"] = admit(
            uow, check=CHECK, kind="freelancer", owner=cast.people["stranger_freelancer"], reason="Known for years.",
            compared="Their name", source="A telephone call",
        )  # fmt: skip
        cast.things["mail"] = new_id()
        uow.session.add(
            Mail(
                id=cast.things["mail"], event_id=new_id(), kind="tests", account_id=cast.people["owner"],
                address="owner@example.org", locale="en", subject="News", body=["There is news."], state="kept",
                created_at=uow.now,
            )
        )  # fmt: skip
        cast.things["job"] = uow.session.scalars(select(JobRow.id).limit(1)).one()
        cast.things["ledger_account"] = "psp_clearing"
        uow.commit()
