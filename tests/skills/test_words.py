import pytest

from marketwright.kernel.words import key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tests d’intrusion", "test intrusion"),
        ("Réseaux", "reseau"),
        ("journaux système", "Journal systeme"),
        ("Vulnerabilities", "vulnerability"),
        ("ŒUVRES", "oeuvre"),
        ("sécurité du cloud", "Securite de cloud"),
    ],
)
def test_accents_plurals_case_and_little_words_do_not_matter(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C++", "C#"), ("Java", "JavaScript"), ("access", "acces")])
def test_words_that_mean_something_else_stay_apart(one, other):
    assert key(one) != key(other)


def test_a_text_of_little_words_alone_is_kept():
    assert key("Le La") == "le la"
