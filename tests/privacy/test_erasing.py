"""What is kept of a person: all of it is handed out, and erasing leaves what a law keeps and nothing else."""

import json
import zipfile
from datetime import UTC, datetime, time
from io import BytesIO

import pytest
from sqlalchemy import LargeBinary, String, cast, func, or_, select, update

import marketwright.tables  # noqa: F401  every room's tables
from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts import service as people
from marketwright.features.accounts.passwords import hash_password
from marketwright.features.accounts.tables import Account
from marketwright.features.alerts import service as alerts
from marketwright.features.backups.restoring import verify_all
from marketwright.features.contracts.receiving import receive
from marketwright.features.files import service as files
from marketwright.features.invoicing.own import receive_own
from marketwright.features.invoicing.queries import bills_of
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.matching.tables import ShortlistNote
from marketwright.features.messaging import service as messaging
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.tables import Mission, MissionInvitation
from marketwright.features.notifications.tables import Mail
from marketwright.features.privacy import service
from marketwright.features.privacy.archive import archive
from marketwright.features.privacy.pages import erasing_of
from marketwright.features.privacy.parts import BELOW, GOES, NOBODY, PARTS, WHOSE, WITHHELD
from marketwright.features.privacy.queries import blockers, counted, counts, kept_of
from marketwright.features.privacy.tables import Erasure
from marketwright.features.profiles import claiming
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.base import Base
from marketwright.testing.agreed import Stage

PASSWORD = "plain words in a row"
SECRET = "Zanzibarova"  # a word of one person alone, looked for everywhere
LOG = {"audit_log", "events"}
OFFERED = ("core_matching", "commission", "standard_contracts", "sandbox", "evidence", "country_fr")
with_a_country = pytest.mark.plugins(*OFFERED)


def test_every_table_of_core_says_what_it_holds_of_a_person():
    listed = [t for p in PARTS for t in p.tables]
    assert sorted([*listed, *NOBODY]) == sorted(Base.metadata.tables)


def test_what_the_lists_name_is_there():
    columns = {(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns}
    named = {(t, c) for t, cs in [*WHOSE.items(), *WITHHELD.items()] for c in cs}
    assert (named | {(t, c) for t, (c, _above) in BELOW.items()}) <= columns


def person(account, **more):
    return Actor(kind="person", id=account, name=f"Zara {SECRET}", is_freelancer=True, **more)


@pytest.fixture
def zara(house):
    """A freelancer who wrote wherever one can, and never had a deal."""
    stage = Stage(house).meet()
    with house.database.unit(system("tests")) as uow:
        zara = people.create_account(uow, email=f"{SECRET.lower()}@example.org", name=f"Zara {SECRET}", locale="en",
                                     is_freelancer=True, password_hash=hash_password(PASSWORD))  # fmt: skip
        profiles.create_profile(uow, account=zara, headline=f"{SECRET} reviews", bio=f"I am {SECRET}.", city=SECRET)
        uow.session.add(Mail(id=new_id(), event_id=new_id(), kind="hello", account_id=zara, address="z@example.org",
                             locale="en", subject=f"Hello {SECRET}", body=[SECRET], state="kept",
                             created_at=uow.now))  # fmt: skip
        uow.commit()
    with house.database.unit(person(zara)) as uow:
        claim = ClaimDraft(kind="experience", label=f"{SECRET} at sea", organisation="Port", from_month="2020-01")
        claiming.replace_claims(uow, profile=zara, kind="experience", claims=[claim])
        paper = files.store(uow, data=b"What I did.", name=f"{SECRET}.txt", purpose="message", owner_kind="account",
                            owner_id=zara)  # fmt: skip
        messaging.open_thread(uow, mission=stage.mission, freelancer=zara, kind="application",
                              text=f"{SECRET} would like to.", files=(paper,))  # fmt: skip
        alerts.save(uow, new=alerts.NewAlert("missions", "", f"{SECRET} looks", "daily"))
        uow.commit()
    return zara


def tables_that_say(house, word):
    found = set()
    with house.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            says = [func.lower(cast(c, String)).contains(word.lower()) for c in table.columns
                    if not isinstance(c.type, LargeBinary)]  # fmt: skip
            if session.scalar(select(func.count()).select_from(table).where(or_(*says))):
                found.add(table.name)
    return found


def numbers_agree(house, account):
    """The page counts in one statement what the file holds."""
    with house.database.reading() as session:
        assert counted(session, account) == counts(kept_of(session, account)) != {}


def erase(house, account, **more):
    by = more.pop("by", None) or person(account)
    with house.database.unit(by) as uow:
        service.erase(uow, house, account=account, **more)
        uow.commit()


@with_a_country
def test_the_file_holds_everything_that_the_database_says_of_a_person(house, zara):
    made = zipfile.ZipFile(BytesIO(archive(house, zara)))
    texts = {n: made.read(n).decode() for n in made.namelist()}
    assert {"account.json", "profile.json", "conversations.json", "files.json", "lists.json", "mails.json",
            "log.json", "plugins.json", "READ ME.txt"} <= texts.keys()  # fmt: skip
    assert json.loads(texts["conversations.json"])["messages"][0]["text"] == f"{SECRET} would like to."
    assert any(n.startswith("files/") and "What I did." in t for n, t in texts.items())
    assert "password_hash" not in texts["account.json"]
    said = {t for name, text in texts.items() if name.endswith(".json") and name != "plugins.json"
            for t, rows in json.loads(text).items() if SECRET.lower() in json.dumps(rows).lower()}  # fmt: skip
    assert tables_that_say(house, SECRET) <= said
    numbers_agree(house, zara)


@with_a_country
def test_who_never_had_a_deal_is_gone_at_once_but_for_the_log(house, zara):
    erase(house, zara)
    assert tables_that_say(house, SECRET) <= LOG
    with house.database.reading() as session:
        row = accounts.account(session, zara)
        assert row.name == "Deleted account"
        assert row.suspended_at is not None
        assert session.get(Erasure, zara).finished_at is not None
        assert "profiles" in kept_of(session, zara)["profile"]  # the empty row that others refer to


@with_a_country
def test_plugins_forget_in_a_job_and_the_erasure_says_when(house, zara):
    erase(house, zara)
    assert service.go_on(house) == 1
    assert service.go_on(house) == 0
    with house.database.reading() as session:
        assert session.get(Erasure, zara).plugins_at is not None


@pytest.mark.plugins("core_matching")
def test_others_need_the_permission_and_a_reason(house, zara):
    helper, admin = (Actor(kind="person", id=new_id(), staff=frozenset({r})) for r in ("support", "admin"))
    with pytest.raises(NotAllowed):
        erase(house, zara, by=helper, reason="She asked.")
    with pytest.raises(InvalidInput):
        erase(house, zara, by=admin)
    erase(house, zara, by=admin, reason="Her letter of 3 May.")


@with_a_country
def test_nobody_is_erased_while_a_deal_runs(house):
    stage = Stage(house).meet().signed(100_000)
    for account in (stage.freelancer, stage.client):
        numbers_agree(house, account)
        with pytest.raises(Conflict, match="have not ended"):
            erase(house, account)


@with_a_country
def test_what_a_deal_must_keep_stays_until_its_period_is_over(house):
    stage = Stage(house).meet().signed(100_000, process="invoice")
    with house.database.unit(person(stage.freelancer)) as uow:
        thread = uow.session.scalar(select(Thread.id))
        messaging.post(uow, thread=thread, text="I begin on Monday.")
        uow.commit()
    stage.deliver()
    stage.take("approve", stage.client)
    with pytest.raises(Conflict, match="have not ended"):
        erase(house, stage.freelancer)
    with house.database.unit(person(stage.freelancer)) as uow:
        bill = bills_of(uow.session, stage.contract)[0]
        receive(uow, bill=bill.id, arrival=Arrival(bill.total, "all", uow.now.date()))
        uow.commit()
    with pytest.raises(Conflict, match="Owed to the marketplace"):
        erase(house, stage.freelancer)
    with house.database.unit(system("tests")) as uow:
        receive_own(uow, cause_type="invoice", cause_id="fee", payer=stage.freelancer, amount=Money(84_00, "EUR"))
        uow.commit()
    erase(house, stage.freelancer)
    kept = tables_that_say(house, "Business of freelancer")
    assert {"signatures", "legal_identities"} <= kept
    assert "messages" in tables_that_say(house, "I begin on Monday.")
    with house.database.reading() as session:
        said = session.get(Erasure, stage.freelancer)
        assert [(part, law) for part, law, _until in said.kept] == [
            ("contracts", "contracts"), ("vigilance", "vigilance"), ("accounting", "accounting")]  # fmt: skip
        assert session.get(Account, stage.freelancer).email.endswith("@erased.invalid")
    seal_all(house.database, folder=house.marketplace.var)
    stage.move(days=6 * 366)
    service.go_on(house)
    assert "legal_identities" not in tables_that_say(house, "Business of freelancer")
    assert not tables_that_say(house, "I begin on Monday.")
    assert "signatures" in tables_that_say(house, "Business of freelancer")
    assert [f for f in verify_all(house.database, house.marketplace.var, house.clock.business()) if f.grave] == []


@pytest.mark.plugins("core_matching")
def test_the_last_owner_among_others_names_another_first(house):
    stage = Stage(house).meet()
    with house.database.unit(system("tests")) as uow:
        people.add_member(uow, organisation=stage.organisation, account=stage.freelancer, roles=["buyer"])
        uow.commit()
    with house.database.reading() as session:
        assert any("only owner" in b.says.template for b in blockers(session, stage.client))


@pytest.mark.plugins("core_matching")
def test_a_person_deletes_the_account_with_its_password_and_never_signs_in_again(browse, house, zara):
    visitor = browse(zara)
    taken = zipfile.ZipFile(BytesIO(visitor.get("/me/data.zip").data))
    assert SECRET in taken.read("account.json").decode()
    assert "Delete my account" in visitor.get("/me/data").text
    assert visitor.post("/me/data/erase", {"current": "wrong"}).status_code == 422
    assert visitor.post("/me/data/erase", {"current": PASSWORD}).location == "/account/deleted"
    assert browse().get("/account/deleted").status_code == 200
    assert visitor.get("/me").status_code == 303
    answer = browse().post("/sign-in", {"email": f"{SECRET.lower()}@example.org", "password": PASSWORD})
    assert answer.status_code == 422


@pytest.mark.plugins("core_matching")
def test_staff_hand_out_and_erase_in_the_console_and_read_that_it_was_done(browse, house, zara):
    with house.database.unit(system("tests")) as uow:
        admin = people.create_account(uow, email="a@example.org", name="Ada", locale="en", is_freelancer=False)
        people.join_staff(uow, account=admin, roles=["admin"])
        uow.commit()
    visitor, page = browse(admin), f"/console/people/{zara}"
    assert f"{page}/data" in visitor.get(page).text
    assert visitor.get(f"{page}/data.zip").mimetype == "application/zip"
    assert visitor.post(f"{page}/erase", {"reason": ""}).status_code == 422
    assert visitor.post(f"{page}/erase", {"reason": "Her letter."}).location == f"{page}/data"
    assert "nothing but the record" in visitor.get(f"{page}/data").text
    assert visitor.post(f"{page}/reinstate", {"reason": "Back"}).status_code == 409


@with_a_country
def test_what_is_said_to_go_at_once_holds_no_word_of_the_person_afterwards(house, zara):
    with house.database.reading() as session:
        mission = session.scalars(select(Mission)).one()
        others = session.scalar(select(Thread.organisation_id))
        freelancer = session.scalar(select(Account.id).where(Account.is_freelancer, Account.id != zara))
    with house.database.unit(system("tests")) as uow:
        people.create_organisation(uow, owner=zara, name="Harbour")
        people.invite_member(uow, organisation=others, email=f"{SECRET.lower()}@example.org", roles=["buyer"])
        about = {"mission_id": mission.id, "freelancer_id": freelancer}
        uow.session.add(MissionInvitation(**about, by=zara, at=uow.now, note=f"{SECRET} asks you."))
        uow.session.add(ShortlistNote(id=new_id(), **about, account_id=zara, text=f"{SECRET} likes this.", at=uow.now))
        uow.commit()
    with house.database.reading() as session:
        found = counted(session, zara)
    going = {t for p in PARTS if erasing_of(p, found, kept=False) == GOES for t in p.tables}
    assert tables_that_say(house, SECRET) & going >= {"invitations", "shortlist_notes", "mission_invitations", "files"}
    erase(house, zara)
    assert tables_that_say(house, SECRET) & going == set()


@with_a_country
def test_an_organisation_without_members_has_no_legal_identity_where_there_was_no_deal(house):
    stage = Stage(house).meet()
    with stage.unit() as uow:
        uow.session.execute(update(Mission).values(state="closed", close_reason="filled"))
        uow.commit()
    erase(house, stage.client)
    with house.database.reading() as session:
        assert accounts.identity(session, "organisation", stage.organisation) is None


@with_a_country
def test_what_a_law_keeps_until_a_day_is_kept_that_day(house):
    stage = Stage(house).meet()
    with stage.unit() as uow:
        last = datetime.combine(house.today, time(), UTC)
        uow.session.add(Erasure(account_id=stage.freelancer, at=uow.now, by="system:tests", reason="", kept=[],
                                plugins_at=uow.now, until=last, finished_at=None))  # fmt: skip
        uow.commit()
    assert service.go_on(house) == 0
    stage.move(days=1)
    assert service.go_on(house) == 1
