"""The console's page Skills: those of one name are found, merging says first what it would change."""

import pytest

from marketwright.features.skills.queries import rows
from marketwright.features.skills.service import import_taxonomy
from marketwright.kernel.actors import system
from marketwright.kernel.rows import Row

PAGE = "/console/skills"
ONE = f"{PAGE}/one"


@pytest.fixture
def market(house):
    skills = ({"key": "web", "label_en": "Web testing"}, {"key": "pentest", "label_en": "Penetration testing",
              "alt_en": "Web testing|Ethical hacking"}, {"key": "cloud", "label_en": "Cloud security"})  # fmt: skip
    with house.database.unit(system("test")) as uow:
        import_taxonomy(uow, [Row(n, dict(row)) for n, row in enumerate(skills, 1)], taxonomy="mine")
        uow.commit()
    return house


@pytest.fixture
def admin(market, staff, browse):
    return browse(staff["admin"])


def known(house):
    with house.database.reading() as session:
        return [row.id for row in rows(session, ("web", "pentest"), "en")]


def test_skills_that_share_a_name_are_shown_together(admin):
    page = admin.get(PAGE).text
    assert "Of one name" in page
    assert f"{ONE}?key=web" in page
    assert f"{ONE}?key=pentest" in page
    assert "cloud" not in page


def test_a_skill_is_found_by_any_of_its_names(admin):
    assert f"{ONE}?key=pentest" in admin.get(f"{PAGE}?search=ethical hackings").text


def test_what_merging_would_change_is_said_and_nothing_is_changed(admin, market):
    page = admin.get(f"{ONE}?key=web&into=Penetration testing").text
    assert "“Web testing” would mean “Penetration testing”" in page
    assert "Merge for good" in page
    assert known(market) == ["pentest", "web"]


def test_a_merged_skill_is_gone_and_listed_under_what_it_means_now(admin, market):
    assert admin.post(ONE, {"key": "web", "into": "pentest"}).status_code == 303
    assert known(market) == ["pentest"]
    page = admin.get(PAGE).text
    assert "Merged" in page
    assert f"{ONE}?key=web" not in page


@pytest.mark.parametrize(("into", "said"), [
    ("Penetratoin", "One of these?"), ("qqqqqq", "nothing is spelt like it"), ("web", "not merged into itself"),
    ("", "Please fill this in"),
])  # fmt: skip
def test_a_name_that_is_no_other_skill_is_said_to_be_none(admin, into, said):
    answer = admin.get(f"{ONE}?key=web&into={into}")
    assert answer.status_code == 422
    assert said in answer.text


def test_what_somebody_else_merged_meanwhile_is_not_merged_twice(admin, market):
    admin.post(ONE, {"key": "pentest", "into": "cloud"})
    answer = admin.post(ONE, {"key": "web", "into": "pentest"})
    assert answer.status_code == 422
    assert "merged into cloud already" in answer.text
    assert known(market) == ["web"]


def test_a_key_that_is_no_skill_is_not_found(admin):
    assert admin.get(f"{ONE}?key=none").status_code == 404
    assert admin.post(ONE, {"key": "none", "into": "web"}).status_code == 404


def test_only_admins_merge(market, staff, browse):
    auditor = browse(staff["auditor"])
    page = auditor.get(f"{ONE}?key=web&into=pentest").text
    assert "Only admins merge skills" in page
    assert "Merge for good" not in page
    assert auditor.post(ONE, {"key": "web", "into": "pentest"}).status_code == 403
