"""The towns of an index grow while others rank by it."""

from marketwright.features.matching import towns
from marketwright.features.matching.towns import Towns


def test_a_town_that_is_added_while_the_tables_are_made_is_in_them_the_next_time(monkeypatch):
    made, here = towns._tables, Towns([("", ""), ("paris", "FR")])

    def meanwhile(named):
        found = made(named)
        monkeypatch.setattr(towns, "_tables", made)
        here.number("lyon", "FR")
        return found

    monkeypatch.setattr(towns, "_tables", meanwhile)
    assert len(here.table("placed")) == 2
    assert here.table("placed").tolist() == [False, True, True]
    assert len(here.kilometres(48.9, 2.4)) == 3

