"""The demo has a past: lists that clients looked at before they hired, for other weights to be tried on."""

from datetime import timedelta

from marketwright.features.matching.queries import hired, replayed, shown_rankings


def test_the_demo_keeps_the_lists_that_clients_hired_from_and_they_came_before(house):
    with house.database.reading() as session:
        found = replayed(session, since=house.clock.business() - timedelta(days=400), weights={"day_rate": 0.9})
        shown = {row.subject: row.at for row in shown_rankings(session)}
        hires = hired(session, list(shown))
    assert any(case.before for case in found.cases)
    assert hires
    assert all(shown[mission] < hire.at for mission, hire in hires.items())


def test_nobody_in_the_demo_applies_before_a_mission_opens_to_everybody(demo):
    assert [note for note in demo.notes if "come first" in note] == []
