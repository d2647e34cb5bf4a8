"""One data deal in a real browser: a task two disagree on, papers, a figure missed and then met, the payout.

The tests of this file are the stations of one deal, in order: each goes on where the one before it stopped.
"""

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from marketwright.testing.person import PASSWORD
from marketwright.testing.stations import IDENTITY, in_a_browser, used_at
from marketwright.testing.used import Used

pytestmark = in_a_browser
GOLDEN = Path(__file__).with_name("golden.json")
BRIEF = (
    "Three people spend six days a month reconciling ticket sales with the counts of the gates. We want models with "
    "tests on top of our two databases, and a month replayed with every difference explained."
)
ASSESSORS = {"Gwen Thoraval": "gwen@experts.example", "Piotr Zieliński": "piotr@experts.example"}


@pytest.fixture(scope="module")
def client(sit_down):
    return sit_down()


@pytest.fixture(scope="module")
def builder(sit_down):
    return sit_down()


def test_the_client_reads_the_days_that_the_brief_implies_while_writing(client):
    client.goes_to("/missions/new").types(
        title="A monthly report that works itself out", description=BRIEF, budget="14,000", duration_days="18",
        skills_new="dbt", city="Lille", country="FR", x_data_work="warehouse", x_source_count="2", x_volume="tens_gb",
        x_sensitivity="internal", x_data_of_persons="pseudonymised",
        x_data_sources="PostgreSQL, schema sales; gates, CSV by SFTP",
    ).chooses("Fixed price").clicks("Add", exact=True)  # fmt: skip
    client.clicks("Work out the days").reads("Days of data work", "likely; from")
    client.clicks("Keep it and go on")
    client.signs_up(name="Soizic Le Bihan", email="soizic@rail.example", side="Hire", organisation="Armorail")
    client.clicks("Publish", exact=True).reads("Your mission is published.", "Days of data work").keeps("mission")


def test_the_specialist_signs_up(builder):
    builder.goes_to("/sign-up?side=freelancer")
    builder.signs_up(name="Tuulikki Rantanen", email="tuuli@lake.example", side="Find work")
    builder.goes_to("/me/business").types(name="Rantanen Data", **IDENTITY).chooses("VAT is charged")
    builder.clicks("Save", exact=True)


def test_the_specialist_takes_the_sample_task(builder, tmp_path):
    archive = tmp_path / "reconciled.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("README.md", "make all")
    builder.goes_to("/me/checks/data_sample_task").reads("Correctness of the matching", "13 of 20 points pass")
    builder.clicks("Begin the task").reads("A bicycle hire firm").attaches(archive, "archive")
    builder.types(words="Five hours; fares were left out.").clicks("Hand in", exact=True).reads("Being marked.")


def test_two_from_outside_are_asked_for_this_file(vetter):
    vetter.goes_to("/console/vetting").clicks("Tuulikki Rantanen")
    for name, address in ASSESSORS.items():
        vetter.types(name=name, email=address).clicks("Ask to mark").reads(f"{address} · was asked")


@pytest.fixture(scope="module")
def assessors(sit_down):
    return {address: sit_down() for address in ASSESSORS.values()}


def marks(assessor, points, *, but=""):
    for name, given in zip(("correctness", "tests", "repeatable", "care", "page"), points, strict=True):
        reason = "" if name == but else f"{given} for {name}."
        assessor.types(**{f"{name}_points": str(given), f"{name}_reason": reason})
    return assessor.clicks("Hand the marks in")


@pytest.mark.parametrize(("address", "points"), [("gwen@experts.example", (5, 4, 4, 3, 3)),
                                                 ("piotr@experts.example", (2, 2, 2, 2, 2))])  # fmt: skip
def test_each_states_their_interests_and_marks_without_an_account(assessors, site, address, points):
    assessor = assessors[address].goes_to(site.mail_link(address)).reads("Your interests")
    assessor.chooses("I have no personal").chooses("I use what I read here").clicks("I state this, open the file")
    assessor.reads("Five hours; fares were left out.")
    marks(assessor, points).reads("That is noted.")


def test_they_disagree_and_nothing_is_decided(vetter, builder):
    vetter.goes_to("/console/vetting").clicks("Tuulikki Rantanen").reads("The two disagree")
    builder.goes_to("/me/checks/data_sample_task").reads("Being marked.")


@pytest.mark.parametrize(("address", "points"), [("gwen@experts.example", (4, 4, 4, 2, 2)),
                                                 ("piotr@experts.example", (4, 4, 2, 3, 2))])  # fmt: skip
def test_each_sees_the_points_of_both_and_marks_once_more(assessors, site, address, points):
    assessor = assessors[address].goes_to(site.mail_link(address)).reads("You two differ", "First marks of you both")
    marks(assessor, points).reads("That is noted.")


def test_the_specialist_reads_the_points_with_their_reasons_and_visitors_that_it_was_passed(builder, sit_down):
    builder.goes_to("/me/checks/data_sample_task").reads("15 / 20", "4 for tests.")
    assert "Gwen" not in builder.text()
    builder.goes_to("/me/checks").reads("Sample task on data, marked by two")


def test_a_target_that_is_no_number_is_refused_and_keeps_what_was_typed(client, builder):
    builder.goes_to(f"{client.kept['mission']}/propose").chooses("Data work, accepted on a measured figure")
    builder.types(
        lines__0__title="Models, tests, a month replayed", lines__0__amount="12,500", lines__0__days="",
        lines__0__rate="", x_metric_kind="reconciled", x_metric_target="nearly all", x_metric_run_by="both",
        x_metric_basis="The month of March, line by line; a cent of rounding is tolerated.",
    ).clicks("Send the proposal")  # fmt: skip
    builder.reads("Target").still_has(x_metric_target="nearly all")


def test_the_figure_is_agreed_with_the_price(builder):
    builder.types(x_metric_target="99.5").clicks("Send the proposal")
    builder.reads("Waiting for", "Share of rows reconciled", "99.5").keeps("proposal")


def test_the_client_accepts_and_sends_the_contract(client, builder):
    client.goes_to(builder.kept["proposal"]).clicks("Give the legal identity")
    client.types(
        name="Armorail Voyageurs", signatory_name="Soizic Le Bihan", signatory_title="Director", **IDENTITY
    ).chooses("VAT is charged").clicks("Save", exact=True)  # fmt: skip
    client.goes_to(builder.kept["proposal"]).clicks("Accept €12,500")
    client.goes_to(builder.kept["proposal"]).clicks("Open the contract").keeps("contract")
    client.goes_to(f"{client.kept['contract']}/send").reads("Annex: Measured delivery", "Access to sources")
    client.clicks("Send to both for signature")


@pytest.mark.parametrize("side", ["builder", "client"])
def test_both_sign(side, builder, client):
    person = {"builder": builder, "client": client}[side]
    person.goes_to(client.kept["contract"]).clicks("Sign").chooses("I have read this document")
    person.types(password=PASSWORD).clicks("Sign", exact=True).reads("Signed")


def condition(client, name):
    return f"{client.kept['contract']}/conditions/data.{name}"


def test_nothing_is_paid_in_before_the_processing_agreement(client):
    client.goes_to(client.kept["contract"]).reads("Processing agreement")


def test_a_transfer_without_its_country_is_refused_at_its_field(client, site):
    until = site.database.clock.business() + timedelta(days=200)
    client.goes_to(condition(client, "processing_agreement")).types(
        x_dpa_subject="Reconciling ticket sales with gate counts.", x_dpa_nature="Reading, linking, counting.",
        x_dpa_purpose="The monthly report.", x_dpa_until=f"{until:%Y-%m-%d}",
        x_dpa_types="Card number (pseudonymised), place and time of journeys.",
        x_dpa_persons="Travellers with a personal card.", x_dpa_transfers="clauses", x_dpa_end="delete",
        x_dpa_contact="dpo@rail.example",
    ).chooses("Personal accounts, least rights")  # fmt: skip
    client.clicks("Look at the paper").reads("Say to which country and to whom the data goes.")
    client.types(x_dpa_transfers="none").clicks("Look at the paper")
    client.reads("Processing agreement (GDPR, article 28)", "Other processors", "No other is authorised at signature")
    client.clicks("Send for signature")


@pytest.mark.parametrize("side", ["client", "builder"])
def test_both_sign_the_processing_agreement(side, builder, client):
    sign_paper({"builder": builder, "client": client}[side], client, "processing_agreement")


def sign_paper(person, client, name):
    person.goes_to(condition(client, name)).clicks("Sign").chooses("I have read this document")
    person.types(password=PASSWORD).clicks("Sign", exact=True).reads("Signed")


def test_the_amount_is_paid_in_on_the_providers_page(client, site):
    client.goes_to(client.kept["contract"]).clicks("Pay in €").types_password_if_asked()
    client.confirms()
    assert client.page.url.startswith(site.provider), client.page.url
    client.chooses("A card that pays").clicks("Pay €").reads("Paid. The money is held")


def test_the_client_lists_the_accesses_and_opens_the_sources(client, builder, site):
    today = f"{site.database.clock.business():%Y-%m-%d}"
    client.goes_to(condition(client, "access_list")).types(
        x_access_rows__0__access_person="Tuulikki Rantanen", x_access_rows__0__access_source="PostgreSQL, schema sales",
        x_access_rows__0__access_right="read_masked", x_access_rows__0__access_since=today,
        x_access_rows__0__access_by="Erwan Cadoret",
    ).clicks("Look at the paper").reads("Access list", "Read, masked").clicks("Send for signature")  # fmt: skip
    sign_paper(builder, client, "access_list")
    client.goes_to(client.kept["contract"]).clicks("Open the sources").confirms().reads("Under construction")


def hand_over(builder, client, way, passed):
    builder.goes_to(client.kept["contract"]).clicks(way)
    builder.types(
        x_where_it_lives="git: report, tag v1.0", x_how_to_rerun="make measure MONTH=2026-03",
        counts__0__x_check_name="Tickets", counts__0__x_counted="48120", counts__0__x_passed_count=str(passed),
    ).clicks(way, exact=True)  # fmt: skip


def test_a_log_that_says_otherwise_than_the_counts_is_refused(builder, client, tmp_path):
    log = tmp_path / "measure.csv"
    log.write_text("check,total,passed\nTickets,48120,1\n", "utf-8")
    builder.goes_to(client.kept["contract"]).clicks("Hand over with the measure")
    builder.types(
        x_where_it_lives="git: report", x_how_to_rerun="make measure", counts__0__x_check_name="Tickets",
        counts__0__x_counted="48120", counts__0__x_passed_count="48000",
    ).attaches(log, "x_measure_log").clicks("Hand over with the measure", exact=True)  # fmt: skip
    builder.reads("The log says otherwise of Tickets")


def test_a_figure_below_the_target_sends_the_work_back(builder, client):
    hand_over(builder, client, "Hand over with the measure", 47000)
    builder.goes_to(client.kept["contract"]).reads("Figure missed")


def test_a_figure_at_the_target_is_accepted(builder, client):
    hand_over(builder, client, "Hand over again", 47930)
    builder.goes_to(client.kept["contract"]).reads("Figure met")


def test_nothing_is_released_before_access_is_withdrawn(builder, client, site):
    today = f"{site.database.clock.business():%Y-%m-%d}"
    assert "Release the amount" not in client.goes_to(client.kept["contract"]).text()
    builder.goes_to(condition(client, "access_withdrawn")).types(
        x_withdrawn_rows__0__withdrawn_person="Tuulikki Rantanen",
        x_withdrawn_rows__0__withdrawn_source="PostgreSQL, schema sales", x_withdrawn_rows__0__withdrawn_on=today,
        x_copies_left="never_any",
    ).clicks("Look at the paper").reads("Withdrawal of access").clicks("Send for signature")  # fmt: skip
    sign_paper(builder, client, "access_withdrawn")
    builder.goes_to(client.kept["contract"]).clicks("Clear it for release").confirms().reads("Cleared for release")


def test_the_client_releases_and_the_specialist_is_paid_out(client, site):
    client.goes_to(client.kept["contract"]).clicks("Release the amount").types_password_if_asked().confirms()
    client.goes_to(client.kept["contract"]).waits_for("completed")
    site.until(lambda: [e for e in site.effects() if e["effect"] == "payout"], "payout")


def test_the_books_are_in_order(site):
    assert site.command("ledger", "verify").returncode == 0


def test_the_deal_used_what_only_this_niche_has(client, site):
    assert used_at(site, client.kept["contract"], golden=GOLDEN) == Used.read(GOLDEN)


def test_nothing_was_wrong_in_the_console_and_nobody_else_was_asked(watch):
    wrong = [w for w in watch.wrong if not w.startswith("422 ")]  # the preview of a form that is refused on purpose
    assert not wrong, "\n".join(wrong)
