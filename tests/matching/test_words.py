import pytest

from marketwright.features.matching.postings import build, weigh

TEXTS = (
    "Tests d'intrusion de réseaux hospitaliers", "Penetration testing for hospitals", "Cloud security, Azure",
    "Sécurité du cloud et des journaux",
)  # fmt: skip


def found(text):
    postings = build([weigh([(t, 1.0)]) for t in TEXTS])
    relevance = postings.find(text)
    return None if relevance is None else [i for i, r in enumerate(relevance) if r > 0]


@pytest.mark.parametrize(("typed", "rows"), [
    ("reseau", [0]), ("RÉSEAUX hospitalier", [0]), ("hospital", [0, 1]), ("journal", [3]), ("securite", [3]),
    ("securities", [2]), ("secur", [2, 3]), ("test intrusion", [0]), ("cloud azure", [2]), ("cloud hospital", []),
])  # fmt: skip
def test_accents_plurals_and_beginnings_are_forgiven(typed, rows):
    assert found(typed) == rows


def test_nothing_typed_asks_nothing():
    assert found("   ") is None


def test_two_letters_are_no_beginning_of_a_word():
    assert found("se") == []


def test_a_word_in_a_weightier_place_counts_for_more():
    postings = build([weigh([("azure", 1.0)]), weigh([("azure", 5.0), ("azure again", 1.0)])])
    low, high = postings.find("azure")
    assert high > low
