"""The list before going live: each point is missing with its fix until it is done."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from marketwright.cli import group
from marketwright.cli.run import refuse_open_doors
from marketwright.features.accounts import service as accounts
from marketwright.features.backups.tables import Restoration
from marketwright.features.demo.bar import PASSWORD
from marketwright.features.demo.seeding.run import seed
from marketwright.features.live import machine, reach, service, texts
from marketwright.features.live.check import check
from marketwright.features.live.outside import Certificate
from marketwright.features.live.points import Verdict
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import BadSetting, InvalidInput, NotAllowed
from marketwright.kernel.ids import new_id
from marketwright.settings.marketplace import Legal, Mail, Stage
from marketwright.strategies.countries import Identifiers
from marketwright_country_fr.pack import FRANCE

pytestmark = [pytest.mark.plugins("standard_contracts", "sandbox"), pytest.mark.settings(stage=Stage.TEST)]


class World:
    """A network that answers from a script; ``None`` is what could not be asked."""

    def __init__(self, *, addresses=("192.0.2.1",), certificate=None, records=None):
        self.addresses, self.shown, self.records = addresses, certificate, records

    def resolve(self, _host):
        return self.addresses

    def certificate(self, _host, _port):
        return self.shown

    def txt(self, name):
        return None if self.records is None else self.records.get(name, ())


GOOD = Certificate(datetime.now(UTC) + timedelta(days=80))

PACKS = {"FR": Identifiers("SIREN / SIRET", ("fr.siren", "fr.siret"), "eu.vat", shared=9)}


def at(marketplace, **changes):
    return replace(marketplace, base_url="https://market.sambre.eu", **changes)


@pytest.mark.parametrize(
    ("url", "world", "verdict", "says"),
    [
        ("http://127.0.0.1:8000", World(), "missing", "127.0.0.1"),
        ("https://market.example.org", World(certificate=GOOD), "missing", "example.org"),
        ("https://market.sambre.eu", World(addresses=None), "unknown", "could not be asked"),
        ("https://market.sambre.eu", World(addresses=()), "missing", "no host"),
        ("https://market.sambre.eu", World(), "missing", "does not answer over TLS"),
        ("https://market.sambre.eu", World(certificate=Certificate(None, "self-signed")), "missing", "self-signed"),
        ("https://market.sambre.eu", World(certificate=Certificate(datetime.now(UTC))), "missing", "ends on"),
        ("https://market.sambre.eu", World(certificate=GOOD), "good", "valid until"),
    ],
)
def test_the_host_is_looked_at_from_name_to_certificate(url, world, verdict, says, marketplace):
    point = reach.host(replace(marketplace, base_url=url), world)
    assert (point.verdict, says in point.says) == (verdict, True), point.says
    assert point.fix or verdict != "missing"


SENDER = Mail(sender="hello@sambre.eu", smtp="smtps://x:y@mail.sambre.eu", dkim_selector="k1")
RECORDS = {
    "sambre.eu": ("v=spf1 include:mail.eu -all", "other=1"), "_dmarc.sambre.eu": ("v=DMARC1; p=reject",),
    "k1._domainkey.sambre.eu": ("v=DKIM1; k=rsa; p=MIGf",),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ""),
        ({"sambre.eu": ()}, "SPF: there is no record."),
        ({"sambre.eu": ("v=spf1 -all", "v=spf1 ~all")}, "SPF: there are 2 records"),
        ({"sambre.eu": ("v=spf1 +all",)}, "lets everybody send"),
        ({"_dmarc.sambre.eu": ()}, "DMARC: there is no record."),
        ({"k1._domainkey.sambre.eu": ()}, "DKIM: there is no key"),
        ({"k1._domainkey.sambre.eu": ("v=DKIM1; p=",)}, "DKIM: there is no key"),
    ],
)
def test_records_of_the_senders_domain_are_read(changed, says, marketplace):
    point = reach.mail_names(replace(marketplace, mail=SENDER), World(records=RECORDS | changed))
    assert point.verdict == ("missing" if says else "good")
    assert says in " ".join(point.details)


def test_records_that_could_not_be_asked_are_neither_good_nor_bad(marketplace):
    assert reach.mail_names(replace(marketplace, mail=SENDER), World()).verdict is Verdict.UNKNOWN


def admin(house):
    with house.database.unit(system("tests")) as uow:
        account = accounts.create_account(uow, email="ada@sambre.eu", name="Ada", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=account, roles=["admin"])
        uow.commit()
    return Actor(kind="person", id=account, name="Ada", staff=frozenset({"admin"}))


def test_an_administrator_is_asked_for_with_the_command(house):
    with house.database.reading() as session:
        assert "staff invite" in machine.administrator(session).command
    admin(house)
    with house.database.reading() as session:
        assert machine.administrator(session).verdict is Verdict.GOOD


def test_play_money_is_refused_for_a_live_stage(house, marketplace):
    point = machine.payments(marketplace, house.plugins)
    assert "play money" in point.says


def test_no_provider_is_needed_where_no_course_holds_money(house, marketplace):
    plain = replace(marketplace, deal=replace(marketplace.deal, processes=("invoice",), provider=""))
    assert machine.payments(plain, house.plugins).verdict is Verdict.GOOD


def test_what_a_provider_says_of_its_keys_is_passed_on(house, marketplace, monkeypatch):
    provider = house.plugins.payment_providers["sandbox"].it
    monkeypatch.setattr(type(provider), "check", lambda _self: ["The key is of the test stage."])
    monkeypatch.setattr(
        type(provider), "capabilities", property(lambda _s, c=provider.capabilities: replace(c, test_only=False))
    )
    assert "The key is of the test stage." in machine.payments(marketplace, house.plugins).details


def test_every_empty_line_of_the_legal_notice_is_named(house, marketplace):
    with house.database.reading() as session:
        point = texts.legal(marketplace, session, house.clock.business(), packs={})
    assert "legal.director is empty." in point.details


def test_a_company_in_the_country_of_its_marketplace_need_not_name_it(house, marketplace):
    given = Legal("Sambre Market", "SAS", "732829320", "", "1 rue X", "", "Ada", "Host SA, Lille")
    with house.database.reading() as session:
        point = texts.legal(replace(marketplace, legal=given), session, house.clock.business(), packs=PACKS)
    assert point.verdict is Verdict.GOOD


def test_a_filled_legal_notice_is_good(house, marketplace):
    given = Legal("Sambre Market", "SAS", "732829320", "", "1 rue X", "FR", "Ada", "Host SA, Lille")
    with house.database.reading() as session:
        point = texts.legal(replace(marketplace, legal=given), session, house.clock.business(), packs=PACKS)
    assert point.verdict is Verdict.GOOD


def test_a_number_of_the_company_whose_key_does_not_hold_is_named(house, marketplace):
    given = Legal("Sambre Market", "SAS", "RCS Lille 732 829 321", "FR00732829320", "1 rue X", "FR", "Ada", "Host")
    with house.database.reading() as session:
        point = texts.legal(replace(marketplace, legal=given), session, house.clock.business(), packs=PACKS)
    assert [d for d in point.details if "key" in d] == [
        "legal.registration_number: its key does not hold.", "legal.vat_number: its key does not hold."
    ]  # fmt: skip


def test_a_marketplace_whose_country_has_no_pack_is_told_that_it_can_invoice_nothing(marketplace):
    assert texts.invoices(marketplace, {}).verdict is Verdict.MISSING
    found = texts.invoices(marketplace, {"FR": Entry("country_fr", FRANCE)})
    assert found.verdict is Verdict.GOOD
    assert "approved platform, for the first ones since 2026-09-01" in found.details[0]


def test_a_marketplace_that_charges_vat_without_a_number_is_told_that_its_invoices_wait(marketplace):
    given = Legal("Sambre Market", "SAS", "732829320", "", "1 rue X", "FR", "Ada", "Host", vat_regime="standard")
    found = texts.invoices(replace(marketplace, legal=given), {"FR": Entry("country_fr", FRANCE)})
    assert found.verdict is Verdict.MISSING
    assert "VAT number" in str(found.says)


def write(marketplace, text="No more."):
    for language in marketplace.languages:
        folder = marketplace.folder / "content" / language
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("terms", "privacy"):
            (folder / f"{name}.md").write_text(f"# {name}\n\n{text}\n")


def terms(house, marketplace):
    with house.database.reading() as session:
        return texts.written(session, marketplace, house.clock.business())


def test_terms_that_are_not_written_or_not_filled_in_are_named(house, marketplace):
    assert "terms (en) is not written." in terms(house, marketplace).details
    write(marketplace, "The court of [TO FILL IN: town] decides.")
    assert "terms (en) has 1 places left to fill in." in terms(house, marketplace).details


def test_terms_ask_for_a_named_person_and_ask_again_when_they_change(house, marketplace):
    write(marketplace)
    assert "Terms of use (fr) is not approved." in terms(house, marketplace).details
    ada = admin(house)
    with house.database.reading() as session:
        asked = texts.terms(session, marketplace, house.clock.business())
    with house.database.unit(ada) as uow:
        for text in asked:
            service.approve(uow, text=text, name="Me Dupont")
        uow.commit()
    assert terms(house, marketplace).says == "Approved by Me Dupont."
    write(marketplace, "One word more.")
    assert "has changed since Me Dupont approved it." in " ".join(terms(house, marketplace).details)


def test_templates_ask_by_version_language_and_words(house, marketplace, monkeypatch):
    ada = admin(house)

    def point():
        with house.database.reading() as session:
            return texts.contract_templates(session, marketplace, house.plugins)

    with house.database.reading() as session:
        asked = texts.templates(session, marketplace, house.plugins)
    assert {a.language for a in asked} == {"en", "fr"}
    assert point().verdict is Verdict.MISSING
    with house.database.unit(ada) as uow:
        for text in asked:
            service.approve(uow, text=text, name="Me Dupont")
        uow.commit()
    assert point().verdict is Verdict.GOOD
    template = house.plugins.contract_templates[0].it
    monkeypatch.setattr(type(template), "version", "99")
    assert "has changed since" in " ".join(point().details)


def test_only_who_may_change_settings_records_an_approval(house, marketplace):
    with house.database.reading() as session:
        text = texts.templates(session, marketplace, house.plugins)[0]
    with house.database.unit(Actor(kind="person", id="x")) as uow, pytest.raises(NotAllowed):
        service.approve(uow, text=text, name="Me Dupont")
    with house.database.unit(admin(house)) as uow, pytest.raises(InvalidInput):
        service.approve(uow, text=text, name=" ")


@pytest.mark.parametrize(("days", "findings", "verdict"), [(1, 0, "good"), (1, 3, "missing"), (100, 0, "missing")])
def test_a_backup_counts_when_it_was_restored_lately_and_whole(days, findings, verdict, house):
    now = house.clock.machine()
    with house.database.unit(system("tests")) as uow:
        uow.session.execute(insert(Restoration).values(
            id=new_id(), kind="rehearsal", at=now - timedelta(days=days), by="Ada", file="a.zip", made_at=now, rows=1,
            files=0, sealed=0, findings=findings,
        ))  # fmt: skip
        uow.commit()
    with house.database.reading() as session:
        assert machine.backup(session, now).verdict == verdict


def test_a_worker_that_ticks_is_alive(house):
    now = house.clock.machine()
    with house.database.reading() as session:
        assert "never" in machine.worker(session, now).says
    house.worker.tick()
    with house.database.reading() as session:
        assert machine.worker(session, now).verdict is Verdict.GOOD
        assert machine.worker(session, now + timedelta(hours=1)).verdict is Verdict.MISSING


def test_a_plugin_that_failed_is_named(house):
    house.plugins.meters.note("pocket", "execute", 0.1, "ValueError: no")
    assert "pocket failed: ValueError: no" in machine.extensions(house.plugins, []).details


def test_every_point_that_is_missing_names_its_fix(house):
    with house.database.reading() as session:
        standing = check(house, session)
    assert len(standing.points) == 17
    assert [p.name for p in standing.of(Verdict.MISSING) if not p.fix] == []
    assert standing.next.name == "administrator"


def test_the_command_lists_the_points_and_fails_while_one_is_missing(tmp_path, empty_database_url, monkeypatch):
    (tmp_path / "marketplace.toml").write_text('[marketplace]\nname = "T"\nslug = "testing"\nstage = "test"\n')
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", empty_database_url)

    def run(*words):
        return CliRunner().invoke(group, ["-C", str(tmp_path), *words])

    assert "db upgrade" in str(run("live", "check", "--offline").exception)
    assert run("db", "upgrade").exit_code == 0
    result = run("live", "check", "--offline", "--json")
    assert result.exit_code == 1
    assert {p["name"] for p in json.loads(result.output)["points"]} >= {"administrator", "host", "backup"}
    assert "MISSING" in run("live", "check", "--offline").output


def test_a_database_of_a_test_stage_is_refused_when_it_is_started_as_live(tmp_path, empty_database_url, monkeypatch):
    (tmp_path / "marketplace.toml").write_text('[marketplace]\nname = "T"\nslug = "testing"\nstage = "test"\n')
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", empty_database_url)
    monkeypatch.setenv("MARKETWRIGHT_SECRET_KEY", "k" * 40)

    def run(*words):
        return CliRunner().invoke(group, ["-C", str(tmp_path), *words])

    assert run("db", "upgrade").exit_code == 0
    monkeypatch.setenv("MARKETWRIGHT_STAGE", "live")
    said = str(run("live", "check", "--offline").exception)
    assert "begun at the stage 'test'" in said
    assert "its money are not real" in said




def test_a_persona_is_no_administrator(house):
    with house.database.unit(system("tests")) as uow:
        maud = accounts.create_account(uow, email="maud@example.org", name="Maud", locale="en", is_freelancer=False,
                                       persona="9:admin")  # fmt: skip
        accounts.join_staff(uow, account=maud, roles=["admin"])
        uow.commit()
    with house.database.reading() as session:
        assert machine.administrator(session).verdict is Verdict.MISSING


@pytest.mark.parametrize(("stage", "known"), [(Stage.DEMO, True), (Stage.TEST, False)])
def test_personas_have_the_password_that_everybody_knows_at_the_demo_stage_alone(house, stage, known):
    house.marketplace = replace(house.marketplace, stage=stage)
    made = seed(house)
    assert (made.password == PASSWORD) is known
    assert len(made.password) >= len(PASSWORD)


@pytest.mark.parametrize(("url", "key", "served"), [
    ("https://market.example.org", "demo-only-not-a-secret", False), ("https://market.example.org", "k" * 32, True),
    ("http://127.0.0.1:8000", "demo-only-not-a-secret", True),
])  # fmt: skip
def test_a_test_stage_with_a_name_of_its_own_is_not_served_with_the_key_of_the_demo(marketplace, url, key, served):
    asked = replace(marketplace, stage=Stage.TEST, base_url=url, secret_key=key)
    if served:
        refuse_open_doors(asked)
    else:
        with pytest.raises(BadSetting, match="anybody signs in as you"):
            refuse_open_doors(asked)


def test_seeding_a_test_stage_prints_the_password_of_its_people_once(tmp_path, empty_database_url, monkeypatch):
    (tmp_path / "marketplace.toml").write_text('[marketplace]\nname = "T"\nslug = "testing"\nstage = "test"\n')
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", empty_database_url)

    def run(*words):
        return CliRunner().invoke(group, ["-C", str(tmp_path), *words]).output

    run("db", "upgrade")
    assert "Their password" in (said := run("seed"))
    assert "admin@staff.example.org" in said
    assert PASSWORD not in said
    assert "Their password" not in run("seed", "--personas")
