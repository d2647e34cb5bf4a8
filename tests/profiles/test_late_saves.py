"""A profile that is edited in two windows at once: nothing typed is lost, nothing saved is written over unseen."""

import html
import re

import pytest

from marketwright.features.profiles import queries, service
from marketwright.features.profiles.claiming import replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.parts import about_parts, list_parts
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Overtaken
from marketwright.kernel.late import begin
from marketwright.strategies.fields import Field, FieldForm

ABOUT = {"headline": "Breaks into hospitals", "bio": "", "language": "en", "city": "Lille", "country": "FR",
         "years": ""}  # fmt: skip
OFFER = {"day_rate": "650", "available_from": "", "days_a_week": "", "remote": "hybrid"}


def profile(people):
    return people.read(lambda s: queries.profile(s, people.anna))


def began(page):
    """What the form of the page began with, as a browser sends it."""
    return {"began": html.unescape(re.search(r'name="began" value="([^"]+)"', page.text)[1])}


@pytest.fixture
def window(people, browse):
    """Two windows of the same person."""
    return browse(people.anna)


def test_the_later_save_of_the_same_line_is_refused_with_what_is_there_now(people, window):
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"headline": "Guards hospitals"})
    late = window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    assert late.status_code == 422
    assert 'value="Audits hospitals"' in late.text
    assert '<p class="pre">Guards hospitals</p>' in late.text
    assert profile(people).headline == "Guards hospitals"


def test_it_is_said_that_it_was_oneself_in_another_window(window):
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"headline": "Guards hospitals"})
    late = window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    assert "You changed this in another window while you were writing" in late.text


def test_it_is_said_that_it_was_the_team_and_not_who_of_them(people, window):
    first = began(window.get("/me/profile/about"))
    staff = Actor(kind="person", id=people.ben, name="Ben of the staff", staff=frozenset({"moderator"}))
    with people.house.database.unit(staff) as uow:
        service.describe(uow, profile=people.anna, headline="Of the staff's making", bio="", language="en",
                         city="Lille", country="FR")  # fmt: skip
        uow.commit()
    late = window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    assert f"The team of {people.house.marketplace.name} changed this while you were writing" in late.text
    assert "Ben of the staff" not in late.text


def test_saving_again_puts_what_was_typed_in_its_place(people, window):
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"headline": "Guards hospitals"})
    late = window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    window.post("/me/profile/about", ABOUT | began(late) | {"headline": "Audits hospitals"})
    assert profile(people).headline == "Audits hospitals"


def test_two_windows_that_change_different_lines_are_both_kept(people, window):
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"city": "Roubaix"})
    assert window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"}).status_code == 303
    assert (profile(people).headline, profile(people).city) == ("Audits hospitals", "Roubaix")


def test_what_was_changed_elsewhere_alone_stands_in_the_form_that_is_shown_again(window):
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"headline": "Guards hospitals", "city": "Roubaix"})
    late = window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    assert 'value="Roubaix"' in late.text
    assert "taken over here: Town." in late.text


def test_a_rating_that_comes_meanwhile_is_no_nuisance(people, window):
    first = began(window.get("/me/profile/about"))
    people.do(lambda u: service.set_rating(u, profile=people.anna, stars=5, count=1))
    assert window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"}).status_code == 303


def test_a_rate_that_was_changed_meanwhile_is_shown_in_the_readers_way(people, window):
    first = began(window.get("/me/profile/availability"))
    window.post("/me/profile/availability", OFFER | first | {"day_rate": "1200"})
    late = window.post("/me/profile/availability", OFFER | first | {"day_rate": "900"})
    assert '<p class="pre">€1,200.00</p>' in late.text
    assert profile(people).day_rate == 120_000


def test_a_form_without_a_beginning_is_saved_as_it_is(people, window):
    window.post("/me/profile/about", ABOUT | {"headline": "Guards hospitals"})
    assert profile(people).headline == "Guards hospitals"


def test_the_first_save_of_a_new_profile_meets_nobody(people, browse):
    visitor = browse(people.ben)
    first = began(visitor.get("/me/profile/availability"))
    assert visitor.post("/me/profile/availability", OFFER | first | {"remote": "onsite"}).status_code == 303


def test_two_windows_that_begin_a_profile_do_not_write_over_each_other(people, browse):
    visitor = browse(people.ben)
    first = began(visitor.get("/me/profile/about"))
    visitor.post("/me/profile/about", ABOUT | first | {"headline": "Reads logs"})
    late = visitor.post("/me/profile/about", ABOUT | first | {"headline": "Writes logs"})
    assert '<p class="pre">Reads logs</p>' in late.text


@pytest.mark.settings(fields=(Field("profile", "nights", FieldForm.YES_NO, {"en": "Works at night"}),))
def test_an_answer_of_the_niche_that_was_changed_meanwhile_stays(people, window):
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"x_nights": "1"})
    window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    assert (profile(people).headline, profile(people).fields) == ("Audits hospitals", {"nights": True})


def skills(people, *keys):
    drafts = [ClaimDraft("skill", skill_id=key, level=3) for key in keys]
    return lambda u, **more: replace_claims(u, profile=people.anna, kind="skill", claims=drafts, **more)


def titles(people):
    return [c.title for c in people.read(lambda s: queries.claims(s, people.anna, "en", "skill"))]


def rows(*keys):
    return {f"skills-{n}-{part}": value for n, key in enumerate(keys)
            for part, value in (("key", key), ("level", "3"), ("years", ""))}  # fmt: skip


def test_a_list_of_skills_that_was_changed_in_both_windows_is_refused_and_both_are_shown(people, window):
    first = began(window.get("/me/profile/skills"))
    window.post("/me/profile/skills", rows("web") | first)
    late = window.post("/me/profile/skills", rows("api") | first)
    assert late.status_code == 422
    assert '<p class="pre">Web pentest, Masters</p>' in late.text
    assert "API pentest" in late.text
    assert titles(people) == ["Web pentest"]


def test_a_list_of_skills_saved_again_stands(people, window):
    first = began(window.get("/me/profile/skills"))
    window.post("/me/profile/skills", rows("web") | first)
    late = window.post("/me/profile/skills", rows("api") | first)
    window.post("/me/profile/skills", rows("api") | began(late))
    assert titles(people) == ["API pentest"]


def test_a_list_that_was_only_looked_at_does_not_bring_the_old_one_back(people):
    before = people.read(lambda s: begin(list_parts(s, people.anna, "skill")))
    people.do(skills(people, "web"), people.anna)
    people.do(lambda u: skills(people)(u, began=before), people.anna)
    assert titles(people) == ["Web pentest"]


@pytest.mark.parametrize("section", ["experience", "certificates", "languages"])
def test_every_list_remembers_what_it_began_with(window, section):
    assert began(window.get(f"/me/profile/{section}"))


def test_a_service_that_is_given_what_the_editor_saw_names_what_both_changed(people):
    with people.house.database.reading() as session:
        before = begin(about_parts(session.get(Profile, people.anna), ()))
    told = {"profile": people.anna, "bio": "", "language": "en", "city": "Lille", "country": "FR"}
    people.do(lambda u: service.describe(u, **told, headline="Theirs"), people.anna)
    with pytest.raises(Overtaken) as refused:
        people.do(lambda u: service.describe(u, **told, headline="Mine", began=before), people.anna)
    assert refused.value.parts == ("headline",)


def test_it_is_said_in_french_too(people, window):
    window.get("/language/fr")
    first = began(window.get("/me/profile/about"))
    window.post("/me/profile/about", ABOUT | first | {"headline": "Guards hospitals"})
    late = window.post("/me/profile/about", ABOUT | first | {"headline": "Audits hospitals"})
    assert "Vous avez modifié ces informations dans une autre fenêtre" in html.unescape(late.text)
