"""The same site without JavaScript: writing a brief, signing up, searching, proposing. Nothing waits for a script."""

import re

import pytest

from marketwright.testing.person import Person

BRIEF = "Our ticket shop sells out in four minutes, four times a year. Make sure that nobody sells the same seat twice."
IDENTITY = {
    "name": "Testausta Oy", "form": "SARL", "country": "FR", "registration_number": "732829320",
    "vat_number": "FR44732829320", "street": "2 rue Basse", "postcode": "59000", "city": "Lille",
}  # fmt: skip


@pytest.fixture(scope="module")
def sit_down(site, browser):
    contexts = []

    def make():
        contexts.append(browser.new_context(locale="en-GB", java_script_enabled=False))
        contexts[-1].set_default_timeout(60_000)
        return Person(site, contexts[-1].new_page())

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def client(sit_down):
    return sit_down()


@pytest.fixture(scope="module")
def freelancer(sit_down):
    return sit_down()


def test_a_brief_is_written_kept_and_published(client):
    client.goes_to("/missions/new").types(
        title="Ticket shop under load", description=BRIEF, budget="700", duration_days="5", x_engagement="pentest",
        skills_new="Web application pentest", city="Lille", country="FR",
    ).clicks("Add", exact=True).clicks("Keep it and go on")  # fmt: skip
    client.signs_up(name="Anneke Verhulst", email="anneke@podium.example", side="Hire", organisation="Podium Nord")
    client.still_has(description=BRIEF, budget="700").clicks("Publish", exact=True)
    client.reads("Your mission is published.").keeps("mission")


def test_a_form_that_is_refused_says_so_and_keeps_what_was_typed(sit_down):
    visitor = sit_down().goes_to("/sign-up")
    visitor.chooses("Find work").types(name="Somebody", email="somebody@example.org", password="short")
    visitor.page.locator("main form").first.evaluate("form => form.setAttribute('novalidate', '')")
    visitor.clicks("Sign up", exact=True).reads("8 characters")
    visitor.still_has(name="Somebody", email="somebody@example.org")


def test_people_are_found_by_words_and_the_address_can_be_shared(sit_down):
    visitor = sit_down().goes_to("/freelancers")
    field = visitor.page.locator('main input[name="q"]').first
    field.fill("pentest")
    visitor.presses_enter(field)
    assert "q=pentest" in visitor.page.url
    found = visitor.page.locator('main a[href^="/freelancers/"]').all_inner_texts()
    assert found
    assert sit_down().goes_to(visitor.path).page.locator('main a[href^="/freelancers/"]').all_inner_texts() == found


def test_a_proposal_is_calculated_sent_and_answered(freelancer, client):
    freelancer.goes_to("/sign-up?side=freelancer")
    freelancer.signs_up(name="Pekka Testaaja", email="pekka@testausta.example", side="Find work")
    freelancer.goes_to("/me/business").types(**IDENTITY).chooses("VAT is charged").clicks("Save", exact=True)
    freelancer.goes_to(f"{client.kept['mission']}/propose").chooses("Milestones, with the money held").types(
        lines__0__title="Four load tests", lines__0__amount="3,500", lines__0__days="", lines__0__rate=""
    )
    freelancer.clicks("Calculate").reads("€3,500.00", "The expert receives").clicks("Send the proposal")
    assert re.fullmatch(r"/proposals/\w{16}", freelancer.path)
    client.goes_to(freelancer.path).reads("Pekka Testaaja offers €3,500.00 before tax")
