import pytest

from marketwright.features.skills import queries, service
from marketwright.kernel.actors import system
from marketwright.kernel.rows import read_rows

TAXONOMY = """key,label_en,label_fr,alt_en,alt_fr,broader
offensive,Offensive security,Sécurité offensive,,,
pen,Penetration testing,Test d'intrusion,pentest,,offensive
web,Web application pentest,Test d'intrusion d'applications web,web hacking,pentest web,pen
api,API pentest,,REST testing,,pen
net,Network segmentation,Segmentation réseau,,,
""".encode()


@pytest.fixture
def session(database):
    with database.unit(system("test")) as uow:
        service.import_taxonomy(uow, read_rows(TAXONOMY, "x.csv").rows, taxonomy="mine")
        uow.commit()
    with database.reading() as found:
        yield found


def ids(rows):
    return [r.id for r in rows]


@pytest.mark.parametrize(
    "typed", ["Pentest", "PENTESTS", "test d’intrusion", "tests d'intrusions", "penetration testing"]
)
def test_any_name_in_any_language_finds_the_skill_first(session, typed):
    assert queries.find(session, typed, "fr")[0].id == "pen"


def test_the_name_that_was_matched_is_told_where_it_is_not_the_label(session):
    first = queries.find(session, "pentest", "en")[0]
    assert (first.label, first.matched) == ("Penetration testing", "pentest")


def test_a_missing_french_label_leaves_the_english_one(session):
    assert queries.labels(session, ["api"], "fr") == {"api": "API pentest"}


def test_like_signs_are_letters_and_not_wildcards(session):
    assert queries.find(session, "%", "en") == []


def test_what_is_broader_is_told_nearest_first(session):
    assert queries.broader(session, "web") == ("pen", "offensive")


def test_what_is_narrower_includes_the_skill_itself(session):
    assert queries.narrower(session, ["pen"])["pen"] == frozenset({"pen", "web", "api"})


def test_exact_words_and_keys_become_skills_and_the_rest_is_left_out(session):
    found = queries.exact(session, ["Pentests", "web", "nonsense"], "en")
    assert {text: row.id for text, row in found.items()} == {"Pentests": "pen", "web": "web"}


def test_a_misspelt_word_has_near_ones(session):
    assert ids(queries.near(session, "segmentasion reseau", "fr")) == ["net"]


def test_skills_beside_the_chosen_ones_are_offered(session):
    assert ids(queries.related(session, ["web"], "en")) == ["api"]
