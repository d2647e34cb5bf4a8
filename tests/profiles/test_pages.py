import io

import pytest
from PIL import Image

from marketwright.features.profiles import queries, service
from marketwright.features.profiles.claiming import replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.ports import Acquaintance, Proof, Proofs
from marketwright.settings.marketplace import Access
from marketwright.strategies.fields import Field, FieldForm


def profile(people, who=""):
    return people.read(lambda s: queries.profile(s, who or people.anna))


def claims(people, kind):
    return people.read(lambda s: queries.claims(s, people.anna, "en", kind))


def test_a_listed_profile_is_for_everybody(people, browse):
    assert "Breaks into hospitals" in browse().get(f"/freelancers/{people.anna}").text


def test_a_hidden_profile_is_for_its_owner_alone(people, browse):
    people.do(lambda u: service.hide(u, profile=people.anna), people.anna)
    assert browse().get(f"/freelancers/{people.anna}").status_code == 404
    assert browse(people.ben).get(f"/freelancers/{people.anna}").status_code == 404
    assert browse(people.anna).get(f"/freelancers/{people.anna}").status_code == 200


def test_a_client_who_talks_with_somebody_sees_them_though_they_are_hidden(people, browse):
    class Knows:
        def knows(self, session, organisations, freelancer):
            return people.organisation in organisations

    people.do(lambda u: service.hide(u, profile=people.anna), people.anna)
    people.house.ports.fill(Acquaintance, Knows())
    assert browse(people.client).get(f"/freelancers/{people.anna}").status_code == 200


@pytest.mark.settings(access=Access(public_freelancers=False))
def test_an_operator_may_keep_profiles_for_members(people, browse):
    assert browse().get(f"/freelancers/{people.anna}").status_code == 404
    assert browse(people.ben).get(f"/freelancers/{people.anna}").status_code == 200


def test_the_page_says_how_a_claim_is_known_and_never_the_bare_word(people, browse):
    (claim,) = people.do(
        lambda u: replace_claims(u, profile=people.anna, claims=[ClaimDraft("skill", skill_id="web", level=4)])
    )

    class Proved:
        def of(self, session, profile):
            at = people.house.clock.business()
            return {claim: Proof("passed", "Eight hours of practice", "a blind jury", "Maud V.", at)}

        def standing(self, session, profile):
            return ()

    people.house.ports.fill(Proofs, Proved())
    page = browse().get(f"/freelancers/{people.anna}").text
    assert "Eight hours of practice, compared with a blind jury by Maud V." in page
    assert ">Verified<" not in page


def test_what_is_known_of_somebody_as_a_whole_begins_as_other_claims_do(people, browse):
    class Proved:
        def of(self, session, profile):
            return {}

        def standing(self, session, profile):
            return (Proof("passed", "the provider’s qualification", "a list", "", people.house.clock.business()),)

    people.house.ports.fill(Proofs, Proved())
    assert ">The provider’s qualification<" in browse().get(f"/freelancers/{people.anna}").text


def test_the_number_of_a_certificate_is_shown_to_nobody_else(people, browse):
    draft = ClaimDraft("certificate", label="OSCP", issuer="OffSec", number="OS-98765")
    people.do(lambda u: replace_claims(u, profile=people.anna, claims=[draft]))
    assert "OS-98765" not in browse(people.client).get(f"/freelancers/{people.anna}").text
    assert "OS-98765" in browse(people.anna).get("/me/profile/certificates").text


def test_markup_in_a_bio_stays_text(people, browse):
    people.do(
        lambda u: service.describe(u, profile=people.anna, headline="<b>x</b>", bio="<script>alert(1)</script>",
                                   language="en", city="", country="")
    )  # fmt: skip
    page = browse().get(f"/freelancers/{people.anna}").text
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_writing_about_oneself_begins_the_profile(people, browse):
    answer = browse(people.ben).post("/me/profile/about", {"headline": "Reads logs", "language": "en", "bio": "Long."})
    assert answer.status_code == 303
    assert profile(people, people.ben).headline == "Reads logs"


def test_a_refused_form_keeps_what_was_typed(people, browse):
    typed = {"headline": "", "bio": "Every word of this stays.", "language": "en", "years": "ninety"}
    answer = browse(people.ben).post("/me/profile/about", typed)
    assert answer.status_code == 422
    assert "Every word of this stays." in answer.text
    assert 'value="ninety"' in answer.text


def test_a_rate_is_read_in_the_readers_way(people, browse):
    visitor = browse(people.anna)
    visitor.get("/language/fr")
    visitor.post("/me/profile/availability", {"day_rate": "1 250,50", "remote": "remote"})
    assert profile(people).day_rate == 125_050


def test_typed_words_become_skills_without_a_script(people, browse):
    answer = browse(people.anna).post("/me/profile/skills", {"skills_new": "pentests, Segmentation reseau"})
    assert answer.status_code == 303
    assert [c.skill_id for c in claims(people, "skill")] == ["pen", "net"]


def test_a_word_that_is_no_skill_is_kept_with_what_may_be_meant(people, browse):
    answer = browse(people.anna).post("/me/profile/skills", {"skills_new": "web pentest, netwrok segmentation"})
    assert answer.status_code == 422
    assert "Did you mean: Network segmentation" in answer.text
    assert 'value="netwrok segmentation"' in answer.text
    assert 'name="skills-0-key" value="web"' in answer.text


def test_pressing_add_shows_a_row_and_saves_nothing(people, browse):
    answer = browse(people.anna).post("/me/profile/skills", {"skills_new": "pentest", "skills_add": ""})
    assert 'name="skills-0-key" value="pen"' in answer.text
    assert claims(people, "skill") == []


def test_pressing_remove_takes_one_row_and_leaves_what_was_typed_in_others(people, browse):
    rows = {"skills-0-key": "web", "skills-1-key": "net", "skills-1-years": "12", "skills_remove": "web"}
    page = browse(people.anna).post("/me/profile/skills", rows).text
    assert 'value="web"' not in page
    assert 'name="skills-0-years"' in page
    assert 'value="12"' in page


def test_months_are_read_as_people_type_them(people, browse):
    row = {"jobs-0-title": "Head of tests", "jobs-0-from_month": "05/2019", "jobs-0-to_month": "2021"}
    assert browse(people.anna).post("/me/profile/experience", row).status_code == 303
    (job,) = claims(people, "experience")
    assert (job.from_month, job.to_month) == ("2019-05", "2021-01")


def test_an_error_in_a_row_stands_at_that_row(people, browse):
    rows = {
        "jobs-0-title": "", "jobs-1-title": "A", "jobs-1-from_month": "2020-01",
        "jobs-2-title": "B", "jobs-2-from_month": "2020-01", "jobs-2-to_month": "2019-01",
    }  # fmt: skip
    page = browse(people.anna).post("/me/profile/experience", rows)
    assert page.status_code == 422
    assert 'id="f-jobs-1-to_month-error"' in page.text


def test_a_photo_is_kept_and_shown(people, browse):
    out = io.BytesIO()
    Image.new("RGB", (600, 500), (10, 80, 60)).save(out, "PNG")
    visitor = browse(people.anna)
    answer = visitor.post("/me/profile/photo", {"photo": (io.BytesIO(out.getvalue()), "me.png")})
    assert answer.status_code == 303
    file = profile(people).photo_file
    assert browse().get(f"/files/{file}").mimetype == "image/jpeg"
    visitor.post("/me/profile/photo/remove")
    assert browse().get(f"/files/{file}").status_code == 404


def test_what_is_no_photo_is_refused_at_its_field(people, browse):
    answer = browse(people.anna).post("/me/profile/photo", {"photo": (io.BytesIO(b"%PDF-1.7"), "me.pdf")})
    assert answer.status_code == 422
    assert "f-photo-error" in answer.text


def test_the_photo_of_a_hidden_profile_is_hidden(people, browse):
    out = io.BytesIO()
    Image.new("RGB", (600, 500)).save(out, "PNG")
    browse(people.anna).post("/me/profile/photo", {"photo": (io.BytesIO(out.getvalue()), "me.png")})
    file = profile(people).photo_file
    people.do(lambda u: service.hide(u, profile=people.anna), people.anna)
    assert browse(people.ben).get(f"/files/{file}").status_code == 404


def test_the_overview_says_what_is_missing_and_what_it_brings(people, browse):
    page = browse(people.anna).get("/me/profile").text
    assert "Name five skills or more" in page
    assert "Missions find you by your skills" in page


def test_showing_a_profile_without_a_headline_leads_to_where_it_is_written(people, browse):
    answer = browse(people.ben).post("/me/profile/visibility", {"visible": "1"})
    assert answer.headers["Location"].endswith("/me/profile/about")


@pytest.mark.parametrize("page", ["", "/about", "/skills", "/availability", "/experience", "/certificates",
                                  "/languages", "/photo"])  # fmt: skip
def test_every_page_of_ones_profile_opens_in_both_languages(people, browse, page):
    visitor = browse(people.anna)
    assert visitor.get(f"/me/profile{page}").status_code == 200
    visitor.get("/language/fr")
    assert visitor.get(f"/me/profile{page}").status_code == 200


def test_a_client_without_a_profile_of_their_own_is_not_let_in(people, browse):
    assert browse(people.client).get("/me/profile").status_code == 403


CV = Field("profile", "cv", FieldForm.FILE, {"en": "Curriculum"})
DIPLOMA = Field("profile", "diploma", FieldForm.FILE, {"en": "Diploma"}, private=True)


@pytest.mark.settings(fields=(CV, DIPLOMA))
def test_a_field_that_is_a_file_is_read_by_whoever_sees_the_profile(people, browse):
    anna = browse(people.anna)
    for name in ("cv", "diploma"):
        sent = {"file": (io.BytesIO(b"ten years"), f"{name}.txt")}
        assert anna.post(f"/me/profile/fields/{name}", sent, content_type="multipart/form-data").status_code == 303
    with people.house.database.reading() as session:
        stored = queries.profile(session, people.anna).fields
    assert browse().get(f"/files/{stored['cv']['id']}").status_code == 200
    assert browse().get(f"/files/{stored['diploma']['id']}").status_code == 404
    assert anna.get(f"/files/{stored['diploma']['id']}").status_code == 200
    assert "diploma.txt" in anna.get("/me/profile/about").text
