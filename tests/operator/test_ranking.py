"""Ranking in the console: weights tried on real missions, saved, undone, refused; the public page says what runs."""

import re

import pytest

from marketwright.features.operator.pages.ranking import written
from marketwright.features.overlay.queries import overlay
from marketwright.web.i18n import speaking

pytestmark = pytest.mark.plugins("core_matching", "newcomers")
NAMES = ("skills", "day_rate", "availability", "experience", "place", "language", "rating", "proof")
OWN = ("0.35", "0.15", "0.15", "0.08", "0.1", "0.05", "0.07", "0.05")


@pytest.fixture
def admin(staff, browse):
    return browse(staff["admin"])


def form(*, off=(), **weights):
    """What the page sends: every weight, a box for each criterion that runs, and the two periods."""
    sent = {f"weight-{n}": weights.get(n, own) for n, own in zip(NAMES, OWN, strict=True)}
    boxes = {f"on-{n}": "1" for n in NAMES if n not in off}
    return sent | boxes | {"keep_days": "365", "unanswered_days": "5"}


def version(house):
    with house.database.reading() as session:
        return overlay(session, house.clock.business()).version


def published(text):
    """Label and percent of every criterion on the public page."""
    return dict(re.findall(r'<h3>([^<]+)</h3><strong class="num">([\d.]+)%</strong>', text))


def test_weights_are_tried_without_being_saved(admin, house):
    answer = admin.post("/console/ranking/try", form(skills="0.7"))
    assert answer.status_code == 200
    assert "Nothing is saved yet" in answer.text
    assert 'name="weight-skills" value="0.7"' in answer.text
    assert version(house) == 0


def test_a_criterion_that_would_be_off_has_no_share_but_the_word(admin):
    tried = admin.post("/console/ranking/try", form(off=("place",))).text
    assert re.search(r'Place</th><td class="at-named"[^>]*>10%</td><td class="at-named"[^>]*>off</td>', tried)


def test_on_a_phone_shares_and_places_say_which_is_which(admin):
    tried = admin.post("/console/ranking/try", form()).text
    assert 'data-label="As it is"' in tried
    assert 'data-label="With these weights"' in tried


def test_the_public_page_says_what_runs_before_and_after_a_change(admin, browse):
    before = published(browse().get("/how-we-rank").text)
    assert (before["Skills"], len(before)) == ("35", 8)
    assert admin.post("/console/ranking", form(skills="0.7", off=("proof",))).status_code == 303
    after = published(browse().get("/how-we-rank").text)
    assert (after["Skills"], len(after)) == ("53.8", 7)


def test_a_weight_stands_in_its_field_as_its_reader_writes_it():
    with speaking("fr"):
        assert written(0.35) == "0,35"


def test_the_history_undoes_weights(admin, browse, house):
    admin.post("/console/ranking", form(skills="0.7"))
    assert version(house) == 1
    assert admin.post("/console/settings/history/1/undo", {}).status_code == 303
    assert published(browse().get("/how-we-rank").text)["Skills"] == "35"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("-1", "From 0 to 1000, please."), ("much", "A number, please."), ("nan", "A number, please."),
     ("1e400", "A number, please.")],
    ids=["negative", "words", "nothing", "endless"],
)  # fmt: skip
def test_a_weight_that_is_none_is_refused_at_its_field(admin, house, typed, said):
    for path in ("/console/ranking", "/console/ranking/try"):
        answer = admin.post(path, form(place=typed))
        assert answer.status_code == 422
        assert re.search(rf'id="[a-z]-weight-place-error"[^>]*>.*?{re.escape(said)}', answer.text, re.S)
    assert version(house) == 0


def test_weights_that_are_all_zero_are_refused(admin, house):
    answer = admin.post("/console/ranking", form(**dict.fromkeys(NAMES, "0")))
    assert answer.status_code == 422
    assert "Every weight is 0" in answer.text
    assert version(house) == 0


def test_everything_switched_off_is_refused(admin):
    assert "Everything is switched off" in admin.post("/console/ranking", form(off=NAMES)).text


def test_who_reads_only_changes_nothing(staff, browse):
    reader = browse(staff["auditor"])
    assert "Only admins change settings" in reader.get("/console/ranking").text
    assert reader.post("/console/ranking", form(skills="0.7")).status_code == 403


def beginning(page):
    """What the form of the page sends besides: the version that it shows, and what it began with."""
    return {n: re.search(rf'name="{n}" value="([^"]*)"', page.text)[1] for n in ("seen", "began")}


def test_a_weight_that_somebody_else_changed_is_not_written_over_unseen(admin, house):
    first = beginning(admin.get("/console/ranking"))
    admin.post("/console/ranking", form(skills="0.7") | first)
    late = admin.post("/console/ranking", form(skills="0.5", place="0.2") | first)
    assert late.status_code == 422
    assert "You changed this in another window while you were writing" in late.text
    assert 'name="weight-skills" type="text" value="0.5"' in late.text
    assert version(house) == 1
    assert admin.post("/console/ranking", form(skills="0.5", place="0.2") | beginning(late)).status_code == 303


def test_a_period_that_somebody_else_changed_stays_when_only_a_weight_is_typed(admin, house):
    first = beginning(admin.get("/console/ranking"))
    admin.post("/console/ranking", form() | first | {"keep_days": "90"})
    assert admin.post("/console/ranking", form(skills="0.5") | first).status_code == 303
    with house.database.reading() as session:
        saved = overlay(session, house.clock.business()).values
    assert (saved["ranking.keep_days"], saved["ranking.weights"]) == (90, {"skills": 0.5})
