"""One security engagement in a real browser: from the scope to the retest, the payout and the day of deletion.

The tests of this file are the stations of one deal, in order: each goes on where the one before it stopped.
"""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from marketwright.testing.person import PASSWORD
from marketwright.testing.stations import IDENTITY, in_a_browser, used_at
from marketwright.testing.used import Used

pytestmark = in_a_browser
GOLDEN = Path(__file__).with_name("golden.json")
VECTOR = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:L/SC:N/SI:N/SA:N"
LOW = "CVSS:4.0/AV:A/AC:H/AT:P/PR:N/UI:P/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N"
BRIEF = (
    "Our shop takes orders from four countries and was rewritten this spring. Find out what somebody without an "
    "account can read or change, tell us how grave each thing is, and test again what we mend."
)
SCOPE = "shop.example.org and its API. Out of scope: the payment page, which is our provider's."


@pytest.fixture(scope="module")
def client(sit_down):
    return sit_down()


@pytest.fixture(scope="module")
def tester(sit_down):
    return sit_down()


def test_the_client_writes_the_brief_with_its_scope(client):
    client.goes_to("/missions/new").types(
        title="The new shop, from the outside", description=BRIEF, budget="12,000", duration_days="10",
        skills_new="Web application pentest", city="Lille", country="FR", x_engagement="pentest",
        x_environment="staging", x_targets=SCOPE,
    ).chooses("Fixed price").clicks("Add", exact=True)  # fmt: skip
    client.clicks("Keep it and go on")
    client.signs_up(name="Odile Carpentier", email="odile@shop.example", side="Hire", organisation="Comptoir du Lys")
    client.clicks("Publish", exact=True).reads("Your mission is published.").keeps("mission")


def test_the_tester_signs_up(tester):
    tester.goes_to("/sign-up?side=freelancer")
    tester.signs_up(name="Ilmari Wuolijoki", email="ilmari@testaus.example", side="Find work")
    tester.goes_to("/me/business").types(name="Wuolijoki Testaus", **IDENTITY).chooses("VAT is charged")
    tester.clicks("Save", exact=True)


def test_the_tester_states_a_certificate_and_hands_in_its_number(tester):
    tester.goes_to("/me/profile/certificates").types(
        certificates__0__name="OSCP", certificates__0__issuer="OffSec", certificates__0__number="OS-101-4242",
        certificates__0__issued="2025-03",
    ).clicks("Save", exact=True)  # fmt: skip
    tester.goes_to("/me/checks/certificate_register").types(claim="OSCP", number="OS-101-4242")
    tester.types(register="https://register.offsec.example").clicks("Hand in", exact=True)
    tester.reads("Waits for a person of our team")


def test_a_named_person_compares_the_number_with_its_issuers_register(vetter, tester):
    vetter.goes_to("/console/vetting").clicks("Ilmari Wuolijoki").reads("OS-101-4242").chooses("Yes")
    vetter.types(reason="The register names him under this number.").clicks("Decide", exact=True)
    tester.goes_to("/me/profile").reads("OSCP")
    tester.goes_to("/me/checks").reads("number of the certificate")


def test_a_proposal_without_a_method_is_refused_and_keeps_what_was_typed(client, tester):
    tester.goes_to(f"{client.kept['mission']}/propose").chooses("Security engagement")
    tester.types(lines__0__title="Test, report and one retest", lines__0__amount="9,500", lines__0__days="",
                 lines__0__rate="", note="Two testers, one week.").clicks("Send the proposal")  # fmt: skip
    tester.reads("Method followed", "Please fill this in").still_has(note="Two testers, one week.")


def test_the_tester_agrees_on_approach_method_and_the_day_of_deletion(tester):
    tester.types(x_approach="grey_box", x_test_standard="wstg", x_delete_on=deletion().isoformat())
    tester.clicks("Send the proposal").reads("Waiting for", "OWASP WSTG").keeps("proposal")


def deletion():
    return date.today() + timedelta(days=200)  # noqa: DTZ011  the site's clock starts today


def test_the_client_accepts_and_sends_the_contract(client, tester):
    client.goes_to(tester.kept["proposal"]).reads("OWASP WSTG", "Accounts and plans").clicks("Give the legal identity")
    client.types(
        name="Comptoir du Lys", signatory_name="Odile Carpentier", signatory_title="Director", **IDENTITY
    ).chooses("VAT is charged").clicks("Save", exact=True)  # fmt: skip
    client.goes_to(tester.kept["proposal"]).clicks("Accept €9,500")
    client.goes_to(tester.kept["proposal"]).clicks("Open the contract").keeps("contract")
    client.goes_to(f"{client.kept['contract']}/send").reads("Annex: Findings of the test", "OWASP WSTG")
    client.reads("It is deleted on").clicks("Send to both for signature")


@pytest.mark.parametrize("side", ["tester", "client"])
def test_both_sign(side, tester, client):
    person = {"tester": tester, "client": client}[side]
    person.goes_to(client.kept["contract"]).clicks("Sign").chooses("I have read this document")
    person.types(password=PASSWORD).clicks("Sign", exact=True).reads("Signed")


def window(site):
    opens = site.database.clock.business() + timedelta(days=6)
    return {
        "x_windows__0__opens_on": f"{opens:%Y-%m-%d}", "x_windows__0__opens_at": "22:00",
        "x_windows__0__closes_on": f"{opens + timedelta(days=1):%Y-%m-%d}", "x_windows__0__closes_at": "05:00",
    }  # fmt: skip


def test_a_scope_with_a_neighbour_in_it_is_refused_at_its_row(client, site):
    client.goes_to(client.kept["contract"]).clicks("Pay in").reads("Something is missing", "Authorisation to test")
    client.goes_to(f"{client.kept['contract']}/conditions/cybersecurity.authorisation_to_test").types(
        x_scope_targets__0__kind="application", x_scope_targets__0__target="https://shop.example.com",
        x_holdings__0__what="example.org", x_holdings__0__held="hosted",
        x_exclusions__0__excluded="https://shop.example.org/pay", x_exclusions__0__why_excluded="Our provider's",
        x_emergency_contact="Odile Carpentier, +33 3 20 00 00 00", x_owner__0__name="Odile Carpentier",
        x_owner__0__company="Comptoir du Lys", x_owner__0__email="owner@shop.example", **window(site),
    )  # fmt: skip
    client.clicks("Look at the paper").reads("named below as owned or hosted", "name who signs for the host")
    client.still_has(**{"x_scope_targets-0-target": "https://shop.example.com"})


def test_the_client_looks_at_the_paper_and_sends_it_to_owner_and_host(client):
    client.types(
        x_scope_targets__0__target="https://shop.example.org", x_host__0__name="Jonas Brandt",
        x_host__0__company="Nordlicht Hosting", x_host__0__email="host@nordlicht.example",
    ).clicks("Look at the paper")  # fmt: skip
    client.reads("Annex: rules of engagement", "https://shop.example.org/pay", "Nordlicht Hosting")
    client.clicks("Send for signature").reads("Jonas Brandt", "The link went to")


SIGNATORIES = ("owner@shop.example", "host@nordlicht.example")


@pytest.mark.parametrize("address", SIGNATORIES)
def test_owner_and_host_sign_from_their_mailbox_without_an_account(address, sit_down, site):
    signs_outside(address, sit_down, site)


def signs_outside(address, sit_down, site):
    from sqlalchemy import select

    from marketwright.features.notifications.tables import Mail

    def code():
        with site.database.reading() as session:
            found = select(Mail.subject).where(Mail.address == address, Mail.kind == "paper.code_asked")
            return session.scalar(found.order_by(Mail.created_at.desc()).limit(1))

    outsider = sit_down().goes_to(site.mail_link(address, "paper.asked")).reads("You need no account")
    outsider.clicks("Send me the code").reads("Six digits")
    outsider.types(code=site.until(code, "code").rpartition(" ")[2]).clicks("Read the document")
    outsider.reads("Authorisation to test", "https://shop.example.org").types(title="Managing director")
    outsider.chooses("I have read this document").clicks("Sign", exact=True).reads("Signed. Thank you.")
    outsider.clicks("Open my copy").reads("through a link and a code mailed to", address)


def test_the_budget_is_paid_in_on_the_providers_page(client, site):
    client.goes_to(client.kept["contract"]).reads("Signed by").clicks("Pay in €").types_password_if_asked()
    client.confirms()
    assert client.page.url.startswith(site.provider), client.page.url
    client.chooses("A card that pays").clicks("Pay €").reads("Paid. The money is held")


def test_before_the_window_nobody_opens_the_tests(tester, client, site):
    tester.goes_to(client.kept["contract"]).clicks("Open the tests").reads("The next time that was agreed begins on")
    opens = site.database.clock.business() + timedelta(days=6)
    site.move_time(days=6, hours=23 - opens.hour)  # 22:00 in Paris is 20:00 or 21:00, it closes at 05:00


def test_the_tester_opens_the_tests(tester, client):
    tester.goes_to(client.kept["contract"]).clicks("Open the tests").waits_for("Your words")
    tester.types(note="We begin on Monday at nine.")
    tester.confirms().reads("Under test")


def test_a_vector_that_does_not_parse_is_refused_at_its_finding(tester, client, tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("The whole report, finding by finding.", "utf-8")
    tester.goes_to(client.kept["contract"]).clicks("Hand over the findings")
    tester.types(
        x_executive_summary="One way into the orders.", x_source_addresses="192.0.2.14",
        findings__0__x_title="Orders of others can be read", findings__0__x_affected_target="shop.example.org/orders",
        findings__0__x_cvss_vector="9.8", findings__0__x_evidence="Counting up the number in the address shows them.",
        findings__0__x_how_to_mend="Ask whose order it is.",
    ).clicks("Add: Finding")  # fmt: skip
    tester.types(
        findings__1__x_title="Cookie without Secure", findings__1__x_affected_target="shop.example.org",
        findings__1__x_cvss_vector=LOW, findings__1__x_evidence="Set-Cookie says so.",
        findings__1__x_how_to_mend="Set it.",
    ).clicks("Hand over the findings", exact=True)  # fmt: skip
    tester.reads("This is no CVSS 4.0 vector").still_has(
        **{"findings-1-x_title": "Cookie without Secure", "findings-0-x_cvss_vector": "9.8"}
    )
    tester.types(findings__0__x_cvss_vector=VECTOR).attaches(report, "x_full_report")
    tester.clicks("Hand over the findings", exact=True).reads("Findings reported")


def test_the_client_reads_the_findings_with_their_severity(client):
    client.goes_to(client.kept["contract"]).clicks("Findings of the test")
    client.reads("Orders of others can be read", "9.3", "Critical", "Low", "Fingerprint").keeps("findings")
    client.clicks("Who read what, and cases").reads("Odile Carpentier", "Sealed")


def test_the_client_opens_the_window_and_says_what_was_mended(client):
    client.goes_to(client.kept["contract"]).clicks("Open the retest window").confirms().reads("Being mended")
    client.clicks("Say what was mended").types(mended__0__x_mending="mended", mended__1__x_mending="accepted_risk")
    client.clicks("Say what was mended", exact=True).reads("Please say what was done")
    client.types(mended__0__x_mended_how="The order is looked up by its owner.")
    client.clicks("Say what was mended", exact=True).reads("To be tested again")


def test_nothing_is_released_before_the_retest(client):
    assert "Release the budget" not in client.goes_to(client.kept["contract"]).text()


def test_once_the_window_is_over_the_retest_waits_for_another_authorisation(tester, client, sit_down, site):
    site.move_time(days=3)
    tester.goes_to(client.kept["contract"]).clicks("Open the retest").waits_for("The times that were agreed are over")
    opens = site.database.clock.business().astimezone(ZoneInfo("Europe/Paris")) + timedelta(days=1)
    client.goes_to(f"{client.kept['contract']}/conditions/cybersecurity.authorisation_to_test").still_has(
        **{"x_scope_targets-0-target": "https://shop.example.org"}
    )
    client.types(
        x_windows__0__opens_on=f"{opens:%Y-%m-%d}", x_windows__0__opens_at="00:30",
        x_windows__0__closes_on=f"{opens + timedelta(days=2):%Y-%m-%d}", x_windows__0__closes_at="22:00",
    ).clicks("Look at the paper").clicks("Send for signature")  # fmt: skip
    for address in SIGNATORIES:
        signs_outside(address, sit_down, site)
    site.move_time(days=2)
    tester.goes_to(client.kept["contract"]).clicks("Open the retest").waits_for("Your words")
    tester.types(note="From 192.0.2.14.").confirms()
    tester.reads("Being tested again")


def test_the_tester_tests_again_what_was_mended(tester, client):
    tester.goes_to(client.kept["contract"]).clicks("Hand over the retest").reads("Orders of others can be read")
    assert "Cookie without Secure" not in tester.text()
    tester.types(x_retest_day=date.today().isoformat(), retested__0__x_verdict="fixed",  # noqa: DTZ011
                 retested__0__x_retest_evidence="The same address answers 404.")  # fmt: skip
    tester.clicks("Hand over the retest", exact=True).reads("Retest done")


def test_the_client_releases_and_the_tester_is_paid_out(client, site):
    client.goes_to(client.kept["contract"]).reads("Retest done").clicks("Release the budget")
    client.types_password_if_asked().confirms()
    client.goes_to(client.kept["contract"]).waits_for("completed")
    site.until(lambda: [e for e in site.effects() if e["effect"] == "payout"], "payout")


def test_what_was_handed_over_is_gone_on_the_day_that_the_contract_names(client, site):
    site.move_time(days=201)
    with site.database.unit(seed()) as uow:
        uow.job("seals.delete", key="golden")
        uow.commit()
    client.goes_to(client.kept["findings"]).waits_for("It was deleted on").reads("Fingerprint")
    assert "Orders of others" not in client.text()


def seed():
    from marketwright.kernel.actors import system

    return system("tests")


def test_the_books_are_in_order_and_everything_sealed_opens(site):
    assert site.command("ledger", "verify").returncode == 0
    assert site.command("seals", "check").returncode == 0


def test_the_deal_used_what_only_this_niche_has(client, site):
    assert used_at(site, client.kept["contract"], golden=GOLDEN) == Used.read(GOLDEN)


def test_nothing_was_wrong_in_the_console_and_nobody_else_was_asked(watch):
    assert not watch.wrong, "\n".join(watch.wrong)
