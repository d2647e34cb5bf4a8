"""The scope of a test: what may be named as a target, when, and what its authorisation says."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketwright.plugin import HandedIn, Outsider
from marketwright_cybersecurity import authorisation, scope
from marketwright_cybersecurity.clauses import SecurityClauses
from marketwright_cybersecurity.permit import AuthorisationPaper

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
ZONE = "Europe/Paris"


def example(**more):
    return dict(authorisation.example(NOW.date())) | more


def wrong(**more):
    return scope.check(example(**more), now=NOW, zone=ZONE)


def target(text, kind="domain"):
    return {"scope_targets": [{"kind": kind, "target": text}], "exclusions": []}


def test_the_example_is_sound():
    assert wrong() == {}


@pytest.mark.parametrize("zone", ["*.com", "*.co.uk", "*.fr", "com", "github.io", "*", "*.*"])
def test_a_wildcard_over_a_whole_zone_is_refused(zone):
    assert wrong(**target(zone), holdings=[{"what": "example.org", "held": "owned"}])


@pytest.mark.parametrize(("text", "kind"), [
    ("shop.example.org", "domain"), ("*.example.org", "domain"), ("198.51.100.7", "address"),
    ("198.51.100.16/29", "range"), ("https://example.org/pay", "application"),
])  # fmt: skip
def test_what_lies_in_an_owned_domain_or_range_may_be_a_target(text, kind):
    assert wrong(**target(text, kind)) == {}


@pytest.mark.parametrize(("text", "kind"), [
    ("198.51.100.40", "address"), ("198.51.100.0/26", "range"), ("example.com", "domain"),
    ("notexample.org", "domain"), ("https://198.51.100.40/", "application"), ("10.1.2.3", "address"),
    ("127.0.0.1", "address"), ("0.0.0.0/0", "range"), ("198.51.100.5/28", "range"), ("shop..org", "domain"),
    ("198.51.100.7", "domain"), ("javascript://example.org", "application"),
])  # fmt: skip
def test_a_neighbour_a_private_address_and_nonsense_are_refused(text, kind):
    assert set(wrong(**target(text, kind))) == {"scope_targets-0-target"}


def test_a_private_network_that_is_named_as_owned_may_be_tested():
    assert wrong(**target("10.1.2.3", "address"), holdings=[{"what": "10.1.0.0/16", "held": "owned"}]) == {}


def test_overlapping_exclusions_are_refused():
    rows = [{"excluded": "198.51.100.8/30"}, {"excluded": "198.51.100.9"}]
    assert set(wrong(exclusions=rows)) == {"exclusions-1-excluded"}


@pytest.mark.parametrize("excluded", ["198.51.100.0/28", "https://shop.example.org", "203.0.113.9"])
def test_an_exclusion_of_a_whole_target_or_of_none_is_refused(excluded):
    assert set(wrong(exclusions=[{"excluded": excluded}])) == {"exclusions-0-excluded"}


def window(opens, closes, at="22:00", until="05:00"):
    day = NOW.date()
    return {"opens_on": (day + timedelta(days=opens)).isoformat(), "opens_at": at,
            "closes_on": (day + timedelta(days=closes)).isoformat(), "closes_at": until}  # fmt: skip


@pytest.mark.parametrize(("rows", "where"), [
    ([window(-2, 1)], "windows-0-opens_on"), ([window(3, 2)], "windows-0-closes_on"),
    ([window(3, 5), window(4, 6)], "windows-1-opens_on"), ([window(3, 4, at="25:00")], "windows-0-opens_at"),
])  # fmt: skip
def test_a_window_in_the_past_the_wrong_way_round_or_twice_is_refused(rows, where):
    assert set(wrong(windows=rows)) == {where}


def handed(*people, **more):
    return HandedIn(example(**more), people, {}, {}, NOW, ZONE)


def test_a_host_that_is_named_signs_too():
    owner = Outsider("owner", "Ada", "ada@example.org")
    assert set(authorisation.check(handed(owner))) == {"host"}
    assert authorisation.check(handed(owner, Outsider("host", "Bo", "bo@example.org"))) == {}


def test_everybody_signs_before_the_first_window_opens():
    windows = [window(5, 6), window(3, 4)]
    assert authorisation.first_opens(handed(windows=windows)) == datetime(2026, 5, 7, 20, tzinfo=UTC)


TERMS = {
    "client": {"name": "Filature SAS"}, "freelancer": {"name": "Inès Roche"}, "contract": {"reference": "BAS-1"},
    "handed": authorisation.example(date(2026, 5, 4)), "zone": ZONE, "drawn_on": "2026-05-04",
    "signatories": {"owner": [{"name": "Ada", "company": "Filature SAS"}], "host": [{"name": "Bo", "company": "Nord"}]},
}  # fmt: skip


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_paper_names_targets_windows_exclusions_and_who_signs(language):
    paper = AuthorisationPaper({}, None).render(TERMS, language)
    cells = [cell for section in paper.sections for row in section.rows for cell in row]
    assert {"https://shop.example.org", "198.51.100.9", "Ada", "Bo"} <= set(cells)
    assert any("22:00" in cell for cell in cells)
    assert "{" not in " ".join(p for s in paper.sections for p in s.paragraphs)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["audit", "incident_response", "detection", "governance"])
def test_what_attacks_nothing_has_clauses_of_its_own_and_no_authorisation(kind, language):
    found = SecurityClauses({}, None).render({"mission": {"fields": {"engagement": kind}}}, language)
    assert not any("utoris" in s.heading for s in found.sections)
    assert len(found.sections) == 3


@pytest.mark.parametrize(
    ("kind", "asked"), [("pentest", True), ("red_team", True), ("governance", False), (None, True)]
)
def test_only_what_attacks_systems_needs_the_authorisation(kind, asked):
    assert authorisation.CONDITION.concerns({"engagement": kind}) is asked


@pytest.mark.parametrize(("language", "words"), [("en", "trying passwords"), ("fr", "essayer des mots de passe")])
def test_what_is_forbidden_is_forbidden_whole_and_not_within_a_limit(language, words):
    paper = AuthorisationPaper({}, None).render(TERMS, language)
    forbidden = next(p for s in paper.sections for p in s.paragraphs if p.startswith(("Forbidden", "Interdit :")))
    assert words in forbidden
    assert "limit" not in forbidden
