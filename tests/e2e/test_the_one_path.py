"""One mission in a real browser, from a visitor's first words to the freelancer's bank, both sides played.

The tests of this file are the stations of one deal, in order: each goes on where the one before it stopped.
"""

import re

import pytest

from marketwright.testing.browser import Watch
from marketwright.testing.person import PASSWORD, Person

BRIEF = (
    "We run three hospitals on one network. Find out how far somebody gets who plugs in at a reception desk, and tell "
    "us which three things to mend first. The wards must not notice."
)
SECRET = "Ward B runs on the old switches."
IDENTITY = {
    "form": "SARL", "country": "FR", "registration_number": "732829320", "vat_number": "FR44732829320",
    "street": "14 rue des Prés", "postcode": "59000", "city": "Lille",
}  # fmt: skip


@pytest.fixture(scope="module")
def watch(site):
    return Watch((site.url, site.provider))


@pytest.fixture(scope="module")
def sit_down(site, browser, watch):
    """Put somebody before a browser of their own."""
    contexts = []

    def make():
        context = browser.new_context(
            locale="en-GB", viewport={"width": 1280, "height": 900}, reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(60_000)
        contexts.append(watch.over(context))
        return Person(site, context.new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def client(sit_down):
    return sit_down()


@pytest.fixture(scope="module")
def freelancer(sit_down):
    return sit_down()


def test_a_visitor_writes_a_brief_signs_up_and_loses_nothing(client):
    client.goes_to("/missions/new").types(
        title="Reception desk to ward: internal test", description=BRIEF, budget="9,000", duration_days="9",
        skills_new="Internal network pentest", city="Lille", country="FR", x_engagement="pentest", confidential=SECRET,
    ).chooses("Fixed price").clicks("Add", exact=True)  # fmt: skip
    client.clicks("Keep it and go on")
    client.signs_up(
        name="Odile Carpentier", email="odile@hopitaux.example", side="Hire", organisation="Hôpitaux du Lys"
    )
    client.reads("Your brief is here, as you left it.", "Internal network pentest")
    client.still_has(description=BRIEF, confidential=SECRET, budget="9,000", city="Lille")


def test_the_client_publishes_it(client):
    client.clicks("Publish", exact=True).reads("Your mission is published.", "Reception desk to ward")
    client.keeps("mission")


def test_a_freelancer_signs_up_and_shows_what_they_offer(freelancer):
    freelancer.goes_to("/sign-up?side=freelancer")
    freelancer.signs_up(name="Ilmari Wuolijoki", email="ilmari@testaus.example", side="Find work")
    freelancer.goes_to("/me/profile/about").types(
        headline="Hospital networks, from the reception desk inwards", years="14", city="Lille", country="FR",
        bio="I test networks that must not stop: wards, water works, signal boxes. " * 4,
    ).clicks("Save", exact=True)  # fmt: skip
    freelancer.goes_to("/me/profile/availability").types(day_rate="900", days_a_week="4", available_from="2026-01-05")
    freelancer.clicks("Save", exact=True)
    freelancer.goes_to("/me/profile/skills").types(skills_new="Internal network pentest").clicks("Add", exact=True)
    freelancer.types(skills__0__level="4", skills__0__years="12").clicks("Save", exact=True)
    freelancer.goes_to("/me/profile").clicks("Show my profile").reads("Hide my profile")


def test_the_client_reads_matches_with_their_reasons(client):
    client.goes_to(f"{client.kept['mission']}/matches").waits_for("Ilmari Wuolijoki")
    client.reads("Hospital networks, from the reception desk inwards")


def test_the_client_invites_the_freelancer(client):
    card = client.main.locator("article, li, .match").filter(has_text="Ilmari Wuolijoki").last
    client.presses(card.get_by_role("link", name="Invite").first)
    client.types(text="You have worked in hospitals: please look at ours.").clicks("Send the invitation")
    client.reads("You have worked in hospitals")


def test_the_freelancer_answers_the_invitation(freelancer):
    freelancer.goes_to("/inbox").waits_for("Reception desk to ward").clicks("Hôpitaux du Lys")
    freelancer.reads("You have worked in hospitals")
    freelancer.types(text="Gladly. Which of the three first?").clicks("Send", exact=True)
    freelancer.reads("Gladly. Which of the three first?").keeps("thread")


def test_the_freelancer_is_asked_for_the_legal_identity_before_the_first_proposal(freelancer):
    freelancer.clicks("Make a proposal").reads("Your legal identity is missing.").clicks("Give it")
    freelancer.types(name="Wuolijoki Testaus", **IDENTITY).chooses("VAT is charged").clicks("Save", exact=True)


def test_the_freelancer_proposes_milestones_and_sees_who_pays_what(freelancer):
    freelancer.goes_to(f"{freelancer.kept['thread']}/propose").chooses("Milestones, with the money held").types(
        lines__0__title="Attack from the reception desk", lines__0__days="6", lines__0__rate="900",
        lines__0__amount="",
    ).clicks("Add a line")
    freelancer.types(lines__1__title="Report and retest", lines__1__amount="2,600").clicks("Calculate")
    freelancer.reads("€8,000.00", "The expert receives").clicks("Send the proposal")
    freelancer.reads("Waiting for Hôpitaux du Lys").keeps("proposal")


def test_the_client_counters_once_their_legal_identity_is_there_and_loses_nothing_meanwhile(client, freelancer):
    client.goes_to(freelancer.kept["proposal"]).reads("offers €8,000.00 before tax", "A legal identity is missing.")
    client.types(lines__1__amount="2,200", note="The retest can wait until autumn.").clicks("Send the counter-offer")
    client.reads("Something is missing").still_has(note="The retest can wait until autumn.")
    client.clicks("Give the legal identity").types(
        name="Hôpitaux du Lys", signatory_name="Odile Carpentier", signatory_title="Director", **IDENTITY
    ).chooses("VAT is charged").clicks("Save", exact=True)  # fmt: skip
    client.goes_to(freelancer.kept["proposal"])
    client.types(lines__1__amount="2,200", note="The retest can wait until autumn.").clicks("Send the counter-offer")
    client.reads("Waiting for Ilmari Wuolijoki", "€7,600.00")


def test_the_freelancer_sees_what_changed_and_accepts(freelancer):
    freelancer.goes_to(freelancer.kept["proposal"]).reads("The retest can wait until autumn.", "€2,600 €2,200")
    freelancer.clicks("Accept €7,600")
    freelancer.goes_to(freelancer.kept["proposal"]).clicks("Open the contract").keeps("contract")


def test_the_client_reads_the_contract_and_sends_it(client, freelancer):
    client.goes_to(f"{freelancer.kept['contract']}/send").reads("Wuolijoki Testaus", "Hôpitaux du Lys")
    client.clicks("Send to both for signature")


@pytest.mark.parametrize("side", ["freelancer", "client"])
def test_both_sign_with_their_password(side, freelancer, client):
    person = {"freelancer": freelancer, "client": client}[side]
    person.goes_to(freelancer.kept["contract"]).clicks("Sign").reads("Read it, then sign it", "Attack from")
    person.chooses("I have read this document").types(password="not my password").clicks("Sign", exact=True)
    person.reads("This is not your password.").chooses("I have read this document").types(password=PASSWORD)
    person.clicks("Sign", exact=True).reads("Signed")


def test_no_money_moves_before_the_authorisation_to_test_is_there(client, freelancer, authorises):
    client.goes_to(freelancer.kept["contract"]).reads("Authorisation to test")
    authorises(client, freelancer.kept["contract"]).reads("Attack from the reception desk")


def test_the_client_pays_on_the_providers_own_page_and_confirms_it_to_their_bank(client, freelancer, site):
    client.goes_to(freelancer.kept["contract"]).clicks("Pay in €6,674.40").reads("You are sent to")
    client.types_password_if_asked().confirms()
    assert client.page.url.startswith(site.provider), client.page.url
    client.reads("A practice payment").chooses("A card that asks for a confirmation").clicks("Pay €")
    client.reads("Your bank asks back", "€6,674.40").clicks("Confirm the payment")
    client.reads("Paid. The money is held until you approve the work.")


def test_the_freelancer_delivers(freelancer, tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("Three things to mend first.", "utf-8")
    freelancer.goes_to(freelancer.kept["contract"]).clicks("Hand over")
    freelancer.types(note="The report, in two parts.").attaches(report).confirms()
    freelancer.reads("The report, in two parts.", "report.txt")


def test_the_client_asks_for_changes(client, freelancer):
    client.goes_to(freelancer.kept["contract"]).clicks("Ask for changes").types(note="Please rank the three things.")
    client.confirms().reads("Please rank the three things.")


def test_the_freelancer_delivers_again(freelancer):
    freelancer.goes_to(freelancer.kept["contract"]).reads("Please rank the three things.").clicks("Hand over again")
    freelancer.types(note="Ranked, most urgent first.").confirms().reads("Ranked, most urgent first.")


def test_the_client_approves_and_the_money_is_released_and_paid_out(client, freelancer, site):
    client.goes_to(freelancer.kept["contract"]).clicks("Accept").types_password_if_asked().confirms()
    client.goes_to(freelancer.kept["contract"]).waits_for("Released")
    paid = [e for e in site.effects() if e["effect"] == "payout"]
    assert paid[-1]["amount"] == 540_000 + 108_000 - 37_800 - 7_560


def test_the_statements_of_both_sides_add_up(client, freelancer):
    paid_in, *parts = amounts(client.goes_to(freelancer.kept["contract"]).sentence("Paid in"))
    assert paid_in == 667_440
    assert paid_in == sum(parts)
    assert amounts(freelancer.goes_to(freelancer.kept["contract"]).sentence("Paid in")) == [paid_in, *parts]


def amounts(text):
    """Every amount in ``text``, in cents."""
    return [int(re.sub(r"\D", "", found)) for found in re.findall(r"€[0-9,]+\.[0-9]{2}", text)]


def test_the_freelancer_gives_the_mandate_and_both_sides_have_the_invoice(client, freelancer):
    freelancer.goes_to("/accounting").reads("has not accepted the mandate").clicks("Read the mandate")
    freelancer.chooses("I have read the mandate and give it").clicks("Accept the mandate")
    freelancer.goes_to("/accounting").waits_for("-H-").reads("Paid in full")
    freelancer.clicks("-H-").reads("in the name and on behalf of the seller", "€6,480.00")
    client.goes_to("/accounting").reads("Invoice for work", "Service fee")


def test_both_review_and_neither_reads_the_other_before(client, freelancer):
    path = f"{freelancer.kept['contract']}/review"
    client.goes_to(path).chooses("5").types(text="Found the third thing that nobody had looked at.")
    client.clicks("Send the review").reads("Neither side reads the other")
    freelancer.goes_to(path).chooses("4").types(text="Quick answers, a clear brief, and they paid on the day.")
    freelancer.clicks("Send the review").reads("Found the third thing", "Quick answers")


def test_the_books_are_in_order(site):
    done = site.command("ledger", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_was_wrong_in_the_console_and_nobody_else_was_asked(watch):
    assert not watch.wrong, "\n".join(watch.wrong)
