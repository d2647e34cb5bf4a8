"""One AI deal in a real browser: a work defended live, a baseline, a threshold missed, a second run, the payout.

The tests of this file are the stations of one deal, in order: each goes on where the one before it stopped.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from marketwright.testing.person import PASSWORD
from marketwright.testing.stations import IDENTITY, in_a_browser, used_at
from marketwright.testing.used import Used

pytestmark = in_a_browser
GOLDEN = Path(__file__).with_name("golden.json")
WEIGHTS = "9f" * 32
BRIEF = (
    "Forty thousand claim letters a year arrive without a subject worth the name. We want them sorted by a model that "
    "runs on our machines, abstains where it doubts, and was measured by us on letters that it has never seen."
)


@pytest.fixture(scope="module")
def client(sit_down):
    return sit_down()


@pytest.fixture(scope="module")
def researcher(sit_down):
    return sit_down()


def test_the_client_writes_a_brief_that_says_how_it_is_measured(client):
    client.goes_to("/missions/new").types(
        title="Sort claim letters", description=BRIEF, budget="12,000", duration_days="20",
        skills_new="Text classification", city="Lyon", country="FR", x_ai_task="language",
        x_model_route="open_weights", x_evaluation_metric="recall", x_evaluation_threshold="0.88",
        x_test_set_holder="client", x_training_data_licence="owned", x_weights_owner="client",
    ).chooses("Fixed price").clicks("Add", exact=True)  # fmt: skip
    client.clicks("Keep it and go on")
    client.signs_up(name="Capucine Odonnat", email="capucine@sylva.example", side="Hire", organisation="Sylvarenne")
    client.clicks("Publish", exact=True).reads("Your mission is published.").keeps("mission")


def test_the_questionnaire_leads_on_and_says_which_class_it_probably_is_and_that_this_is_no_advice(client):
    client.clicks("Answer the questions").reads("not legal advice")
    client.types(x_act_use="deploy", x_act_union="yes").clicks("Go on").reads("more questions")
    client.types(x_act_product="no", x_act_model="use").chooses("Talk with people")
    for one in client.page.get_by_text("None of these", exact=True).all()[:2]:
        one.click()
    client.clicks("Go on").reads("Transparency duties", "2 Aug 2026", "not legal advice")


def test_the_researcher_signs_up(researcher):
    researcher.goes_to("/sign-up?side=freelancer")
    researcher.signs_up(name="Anouk Verhaegen", email="anouk@evaluation.example", side="Find work")
    researcher.goes_to("/me/business").types(name="Verhaegen Evaluation", **IDENTITY).chooses("VAT is charged")
    researcher.clicks("Save", exact=True)


def test_the_researcher_hands_a_work_in_for_peers_to_run(researcher):
    researcher.goes_to("/me/checks/ai_peer_review").reads("The number is found again").clicks("Begin the task")
    researcher.reads("Give its address and the commit").types(
        work="https://code.example/tide-tables, tag v2.0", claims="4.1 cm on harbours held out, by `make measure`.",
    ).clicks("Hand in", exact=True).reads("Being marked.")  # fmt: skip


def test_two_peers_from_outside_run_it_and_mark(vetter, sit_down, site):
    for name in ("ilse", "remi"):
        address = f"{name}@peers.example"
        vetter.goes_to("/console/vetting").clicks("Anouk Verhaegen").types(name=name, email=address)
        vetter.clicks("Ask to mark").reads(f"{address} · was asked")
        peer = sit_down().goes_to(site.mail_link(address)).chooses("I have no personal")
        peer.chooses("I use what I read here").clicks("I state this, open the file").reads("tag v2.0")
        for criterion, most in (("reproduced", 5), ("evaluation", 4), ("honesty", 4), ("rights", 3), ("code", 2)):
            peer.types(**{f"{criterion}_points": str(most), f"{criterion}_reason": f"Seen: {criterion}."})
        peer.clicks("Hand the marks in").reads("That is noted.")


def test_the_defence_is_set_in_the_past_in_vain_and_then_for_a_day_that_the_researcher_confirms(
    vetter, researcher, site
):  # fmt: skip
    vetter.goes_to("/console/vetting").clicks("Anouk Verhaegen").reads("The defence", "18 / 20")
    vetter.types(at="2020-01-01T10:00", where="A call").clicks("Propose a time").reads("This time has passed.")
    vetter.types(at=f"{site.database.clock.business() + timedelta(days=2):%Y-%m-%dT%H:%M}", where="A call")
    vetter.clicks("Propose a time").reads("has not answered yet")
    researcher.goes_to("/me/checks/ai_peer_review").reads("Your work has passed.").clicks("I will be there")
    researcher.reads("You confirmed this time.")


def test_after_the_defence_a_person_decides_and_the_profile_says_so(vetter, researcher, site):
    assert "Your decision" not in vetter.goes_to("/console/vetting").clicks("Anouk Verhaegen").text()
    site.move_time(days=3)
    vetter.goes_to("/console/vetting").clicks("Anouk Verhaegen").waits_for("Your decision").chooses("Yes")
    vetter.types(reason="Answered both peers on the split and on the lock file.").clicks("Decide", exact=True)
    researcher.goes_to("/me/checks").reads("Peer review with a live defence", "a live defence")


def test_a_threshold_in_per_cent_is_refused_and_what_was_typed_is_kept(client, researcher):
    researcher.goes_to(f"{client.kept['mission']}/propose").chooses("Accepted by its measure")
    researcher.types(
        lines__0__title="Classifier of letters", lines__0__amount="9,500", lines__0__days="", lines__0__rate="",
        note="A baseline first.", x_weights_scope="adapter", x_compute_cap="900", x_compute_payer="client",
        x_decisive_metric="recall", x_decisive_threshold="88", x_measured_by="Claims department, Sylvarenne",
        x_rerun_threshold="0.88", x_rerun_cost="Whoever was wrong",
    ).clicks("Send the proposal")  # fmt: skip
    researcher.reads("write 0.88, not 88").still_has(note="A baseline first.")
    researcher.types(x_decisive_threshold="0.88").clicks("Send the proposal").reads("Waiting for").keeps("proposal")


def test_the_client_accepts_and_the_contract_carries_protocol_and_clauses(client, researcher):
    client.goes_to(researcher.kept["proposal"]).clicks("Give the legal identity")
    client.types(
        name="Sylvarenne Assurances", signatory_name="Capucine Odonnat", signatory_title="Director", **IDENTITY
    ).chooses("VAT is charged").clicks("Save", exact=True)  # fmt: skip
    client.goes_to(researcher.kept["proposal"]).clicks("Accept €9,500")
    client.goes_to(researcher.kept["proposal"]).clicks("Open the contract").keeps("contract")
    client.goes_to(f"{client.kept['contract']}/send")
    client.reads("Annex: Evaluation report", "Claims department, Sylvarenne", "Licence of the training data",
                 "article 50 of Regulation (EU) 2024/1689", "not legal advice")  # fmt: skip
    client.clicks("Send to both for signature")


@pytest.mark.parametrize("side", ["researcher", "client"])
def test_both_sign(side, researcher, client):
    person = {"researcher": researcher, "client": client}[side]
    person.goes_to(client.kept["contract"]).clicks("Sign").chooses("I have read this document")
    person.types(password=PASSWORD).clicks("Sign", exact=True).reads("Signed")


def test_the_test_set_is_sealed_and_the_right_to_train_is_on_file_before_money_moves(client, tmp_path):
    client.goes_to(client.kept["contract"]).clicks("Pay in").reads("Something is missing", "Test set sealed")
    client.goes_to(f"{client.kept['contract']}/conditions/ai.test_set_sealed")
    client.types(text=f"2,000 letters in the department's safe, SHA-256 {'ab' * 32}",
                 date=date.today().isoformat())  # fmt: skip  # noqa: DTZ011
    client.presses(client.main.locator("form button:not([formnovalidate])").last)
    paper = tmp_path / "right.txt"
    paper.write_text("These letters are ours; the notice to policy holders says so.", "utf-8")
    client.goes_to(f"{client.kept['contract']}/conditions/ai.training_data_allowed")
    client.types(text="The letters are ours.").attaches(paper, "file")
    client.presses(client.main.locator("form button:not([formnovalidate])").last)


def test_the_money_is_held_before_anything_is_trained(client, site):
    client.goes_to(client.kept["contract"]).clicks("Pay in €").types_password_if_asked().confirms()
    assert client.page.url.startswith(site.provider), client.page.url
    client.chooses("A card that pays").clicks("Pay €")
    client.goes_to(client.kept["contract"]).waits_for("Baseline being made")


def test_a_baseline_comes_first(researcher, client):
    researcher.goes_to(client.kept["contract"]).clicks("Hand the baseline over")
    researcher.types(x_baseline_method="Regression on n-grams", x_baseline_score="0.81", x_scoring_script="score.py",
                     x_dummy_score="0.12").clicks("Hand the baseline over", exact=True)  # fmt: skip
    researcher.reads("Baseline known")
    client.goes_to(client.kept["contract"]).clicks("Train a candidate").confirms().reads("Candidate being trained")


def test_a_source_without_a_clear_licence_is_refused_at_its_row(researcher, client):
    researcher.goes_to(client.kept["contract"]).clicks("Hand the candidate over")
    researcher.types(
        x_weights_hash=WEIGHTS, x_base_model="Base 7B v2", x_base_licence="Apache-2.0",
        x_intended_use="Sorting letters for people to read.", x_known_failures="Letters with two subjects.",
        training_sources__0__x_source_name="Letters", training_sources__0__x_source_licence="unclear",
    ).clicks("Hand the candidate over", exact=True)  # fmt: skip
    researcher.reads("nothing unclear is trained on")
    researcher.types(training_sources__0__x_source_licence="owner")
    researcher.clicks("Hand the candidate over", exact=True).reads("Candidate waits for its measure")


def test_the_client_measures_and_the_figure_decides(client):
    client.goes_to(client.kept["contract"]).clicks("Hand the evaluation report over")
    client.types(
        x_test_score="0.86", x_test_cases="2000", x_measured_weights=WEIGHTS, slices__0__x_slice_name="Frost",
        slices__0__x_slice_score="0.72", slices__0__x_slice_reading="worse",
    ).clicks("Hand the evaluation report over", exact=True)  # fmt: skip
    client.reads("Threshold missed")


def test_the_researcher_contests_and_the_same_weights_are_run_again(researcher, client):
    researcher.goes_to(client.kept["contract"]).clicks("Contest the measure")
    researcher.types(note="Another tokeniser was used.").clicks("Contest the measure", exact=True)
    researcher.reads("Measure is contested")
    client.goes_to(client.kept["contract"]).clicks("Hand the second report over")
    client.types(
        x_rerun_score="0.89", x_rerun_witnesses="Both sides, by video",
        x_rerun_difference="The tokeniser of the first run was an older one.",
    ).clicks("Hand the second report over", exact=True).reads("Met in the second run")  # fmt: skip


def test_the_client_releases_and_the_researcher_is_paid_out(client, site):
    client.goes_to(client.kept["contract"]).clicks("Release")
    client.types_password_if_asked().confirms()
    client.goes_to(client.kept["contract"]).waits_for("completed")
    site.until(lambda: [e for e in site.effects() if e["effect"] == "payout"], "payout")
    assert site.command("ledger", "verify").returncode == 0


def test_the_deal_used_what_only_this_niche_has(client, site):
    assert used_at(site, client.kept["contract"], golden=GOLDEN) == Used.read(GOLDEN)


def test_nothing_was_wrong_in_the_console_and_nobody_else_was_asked(watch):
    assert not watch.wrong, "\n".join(watch.wrong)
