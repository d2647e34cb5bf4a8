"""The reads of the desk: frozen rows, and a person's data one by one."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Organisation
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.files import queries as files
from marketwright.features.files.ports import Storage
from marketwright.features.invoicing.owed import numbers
from marketwright.features.invoicing.remittance import creditor_reference
from marketwright.features.invoicing.standing import standings
from marketwright.features.invoicing.tables import Bill
from marketwright.features.missions.tables import Mission
from marketwright.features.payments import destinations
from marketwright.features.profiles.tables import Claim, Profile
from marketwright.features.vetting import queries as vetting
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import plugin_actor
from marketwright.kernel.money import Money
from marketwright.kernel.ports import Ports
from marketwright.store.database import Database
from marketwright.strategies.rows import (
    BackgroundRow,
    BillRow,
    ContractRow,
    EvidenceFile,
    MilestoneRow,
    MissionRow,
    OrganisationRow,
    ProfileRow,
    VerdictRow,
)
from marketwright.web.i18n import current_locale


class HouseQueries:
    """Answers the port ``DeskQueries``; each read is a short transaction of its own."""

    def __init__(self, database: Database, ports: Ports) -> None:
        self._database, self._ports = database, ports

    def background(self, country: str) -> BackgroundRow | None:
        """What the country's pack lets be asked of a person's past, in the reader's language."""
        pack, locale = self._ports.get(Plugins).countries.get(country), current_locale()
        found = pack.it.may_ask(self._database.clock.business().date()) if pack is not None else None
        if found is None:
            return None
        return BackgroundRow(found.paper.get(locale) or found.paper["en"], found.how.get(locale) or found.how["en"],
                             found.months)  # fmt: skip

    def profile(self, id: str) -> ProfileRow | None:  # noqa: A002  the word of the domain
        """One profile, visible or not."""
        with self._database.reading() as session:
            return next(iter(_profiles(session, Profile.id == id, most=1)), None)

    def profiles(self, after: str, most: int) -> list[ProfileRow]:
        """Profiles that stand in the lists."""
        with self._database.reading() as session:
            return _profiles(session, Profile.listed, Profile.id > after, most=most)

    def mission(self, id: str) -> MissionRow | None:  # noqa: A002
        """One mission."""
        with self._database.reading() as session:
            return next(iter(_missions(session, Mission.id == id, most=1)), None)

    def missions(self, state: str, after: str, most: int) -> list[MissionRow]:
        """Missions in a state."""
        with self._database.reading() as session:
            return _missions(session, Mission.state == state, Mission.id > after, most=most)

    def organisation(self, id: str) -> OrganisationRow | None:  # noqa: A002
        """One client."""
        o = Organisation
        with self._database.reading() as session:
            row = session.execute(select(o.id, o.name, o.country).where(o.id == id)).first()
        return OrganisationRow(*row) if row else None

    def contract(self, id: str) -> ContractRow | None:  # noqa: A002
        """One contract with its milestones."""
        with self._database.reading() as session:
            c = session.get(Contract, id)
            if c is None:
                return None
            rows = session.scalars(select(Milestone).where(Milestone.contract_id == id).order_by(Milestone.number))
            parts = tuple(MilestoneRow(m.id, m.title, m.state, Money(m.work, c.currency), m.due_on) for m in rows)
            return ContractRow(
                c.id, c.reference, c.state, c.process, c.organisation_id, c.freelancer_id, c.mission_id, parts
            )

    def verdicts(self, plugin: str, kind: str, owner: str) -> list[VerdictRow]:
        """What stands on a subject; of private checks those of the plugin alone."""
        checks = self._ports.get(Plugins).vetting_checks
        own = {name for name, entry in checks.items() if entry.plugin == plugin}
        hidden = {name for name, entry in checks.items() if entry.it.private} - own
        with self._database.reading() as session:
            found = [v for v in vetting.standing(session, kind, owner)
                     if v.check in own or not (v.private or v.check in hidden)]  # fmt: skip
        return [VerdictRow(v.id, v.check, v.kind, v.owner, v.about, v.result, v.source, v.expires, v.at) for v in found]

    def evidence(self, plugin: str, file: str) -> EvidenceFile | None:
        """A document handed in for a check of the plugin; that it was read lands in the audit log (S58)."""
        with self._database.reading() as session:
            row = files.file(session, file)
            run = vetting.run(session, row.owner_id) if row is not None and row.purpose == "evidence" else None
        entry = self._ports.get(Plugins).vetting_checks.get(run.check) if run is not None else None
        if row is None or entry is None or entry.plugin != plugin:
            return None
        with self._database.unit(plugin_actor(plugin)) as uow:
            uow.audit("evidence.read", row.id, run=row.owner_id)
            uow.commit()
        return EvidenceFile(row.id, row.name, row.media_type, self._ports.get(Storage).get(row.id))

    def bill(self, id: str) -> BillRow | None:  # noqa: A002
        """One bill."""
        with self._database.reading() as session:
            return next(iter(_bills(session, Bill.id == id, most=1)), None)

    def bills(self, freelancer: str, organisation: str, contract: str, state: str, most: int) -> list[BillRow]:
        """Bills of a side or a contract, the first due first."""
        asked = ((Bill.freelancer_id, freelancer), (Bill.organisation_id, organisation),
                 (Bill.contract_id, contract), (Bill.state, state))  # fmt: skip
        with self._database.reading() as session:
            return _bills(session, *(column == value for column, value in asked if value), most=most)

    def personal(self, plugin: str, account: str, what: Sequence[str]) -> Mapping[str, str]:
        """Name, mail address and postal address of a person, as far as asked; the reading is in the audit log."""
        with self._database.reading() as session:
            person = accounts.account(session, account)
            identity = accounts.identity(session, "freelancer", account) if "address" in what else None
            bank = self._bank(session, account) if "bank_account" in what else {}
        if person is None:
            return {}
        known = {"name": person.name, "email": person.email}
        if identity is not None:
            known["address"] = identity.address
        with self._database.unit(plugin_actor(plugin)) as uow:
            uow.audit("person.read", account, what=sorted(what))
            uow.commit()
        return {w: known[w] for w in what if w in known} | bank

    def _bank(self, session: Session, account: str) -> dict[str, str]:
        """The account in force (its IBAN), whose it is, and ``yes`` where another one is about to take its place."""
        now = self._database.clock.business()
        found = destinations.account_in_force(session, account, now)
        if found is None:
            return {}
        changing = "yes" if destinations.cooling_until(session, account, now, provider="") else ""
        return {"bank_account": found.iban, "bank_account_holder": found.holder, "bank_account_changing": changing}


def _profiles(session: Session, *where: object, most: int) -> list[ProfileRow]:
    p = Profile
    rows = session.execute(
        select(p.id, p.headline, p.country, p.day_rate, p.currency, p.visible).where(*where).order_by(p.id).limit(most)  # type: ignore[arg-type]
    ).all()
    skills: dict[str, list[str]] = {}
    c, ids = Claim, [r.id for r in rows]
    of = select(c.profile_id, c.skill_id).where(c.profile_id.in_(ids), c.kind == "skill").order_by(c.position)
    for profile, skill in session.execute(of):
        skills.setdefault(profile, []).append(str(skill))
    return [
        ProfileRow(r.id, r.headline, r.country, Money(r.day_rate, r.currency) if r.day_rate else None, r.visible,
                   tuple(skills.get(r.id, ())))
        for r in rows
    ]  # fmt: skip


def _bills(session: Session, *where: object, most: int) -> list[BillRow]:
    rows = session.scalars(select(Bill).where(*where).order_by(Bill.due_at, Bill.id).limit(most)).all()  # type: ignore[arg-type]
    stand, issued = standings(session, [b.id for b in rows]), numbers(session, [b.id for b in rows])
    return [
        BillRow(
            id=b.id, number=issued.get(b.id, b.shown_number), contract=b.contract_id, milestone=b.milestone_id,
            organisation=b.organisation_id, freelancer=b.freelancer_id, payee=_name(b, "freelancer"),
            payer=_name(b, "client"), title=b.title, reference=b.reference, purchase_order=b.purchase_order,
            payment_reference=creditor_reference(b.id), total=stand[b.id].total, received=stand[b.id].received,
            left=stand[b.id].open, issued_at=b.issued_at, due_at=b.due_at, state=b.state, request=b.shown_number,
        )
        for b in rows
    ]  # fmt: skip


def _name(bill: Bill, side: str) -> str:
    return str(bill.parties.get(side, {}).get("name", ""))


def _missions(session: Session, *where: object, most: int) -> list[MissionRow]:
    m = Mission
    rows = session.execute(
        select(m.id, m.title, m.state, m.organisation_id, m.country, m.start_on, m.duration_days)
        .where(*where)  # type: ignore[arg-type]
        .order_by(m.id)
        .limit(most)
    )
    return [MissionRow(*row) for row in rows]
