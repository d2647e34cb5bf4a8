import json

from marketwright.features.missions import queries
from marketwright.features.missions.importing import import_missions
from marketwright.hooks.manager import Entry
from marketwright.kernel.rows import read_rows
from marketwright.strategies.fields import Field, FieldForm

LONG = "Find out how far somebody gets from a desk of ours, and tell us what to mend first."
GOOD = f"""organisation,title,description,must,nice,budget,duration_days,city,questions,state
Port de Dunes,Test our network,{LONG.replace(",", ";")},pen:3,net | web,780,12,Lille,First? | Second?,published
"""


def load(people, data, *, name="x.csv", skip=False):
    rows = read_rows(data.encode(), name, ("organisation", "title"))
    return people.do(lambda u: import_missions(u, rows.rows, skip_bad_rows=skip, notes=rows.notes))


def mine(people):
    return people.read(lambda s: queries.missions_of(s, [people.organisation]))


def test_a_row_becomes_a_mission_of_its_organisation(people):
    assert load(people, GOOD).created == 1
    (mission,) = mine(people)
    assert (mission.state, mission.budget, mission.created_by) == ("published", 78_000, people.clara)
    skills = people.read(lambda s: queries.skills_of(s, mission.id, "en"))
    assert [(s.id, s.must, s.level) for s in skills] == [("pen", True, 3), ("net", False, 0), ("web", False, 0)]
    assert people.read(lambda s: queries.questions(s, mission.id)) == ["First?", "Second?"]


def test_bad_cells_are_named_and_nothing_is_kept(people):
    bad = GOOD + "Nobody,,,unknown,,free,0,,a | b | c | d | e | f,open\n"
    report = load(people, bad)
    assert report.refused
    assert {(f.row, f.field) for f in report.faults} == {
        (3, c) for c in ("organisation", "title", "must", "budget", "duration_days", "questions", "state")
    }
    assert mine(people) == []


def test_what_cannot_be_published_is_named(people):
    report = load(people, "organisation,title,state\nPort de Dunes,Only a title,published\n")
    assert {f.field for f in report.faults} == {"description", "must", "budget", "duration_days", "city"}


def test_a_field_of_the_niche_that_is_missing_is_named_as_its_column(people):
    kind = Field("mission", "kind", FieldForm.TEXT, {"en": "Kind"}, required=True)
    people.house.plugins.fields = [Entry("niche", kind)]
    assert {f.field for f in load(people, GOOD).faults} == {"fields.kind"}


def test_the_good_rows_can_be_kept(people):
    report = load(people, GOOD + "Nobody,x,,,,,,,,\n", skip=True)
    assert (report.created, report.skipped) == (1, 1)


def test_json_is_read_too(people):
    data = [{"organisation": people.organisation, "title": "By id", "must": ["pen"], "languages": ["fr", "en"]}]
    load(people, json.dumps(data), name="x.json")
    assert [(m.title, m.languages) for m in mine(people)] == [("By id", ["fr", "en"])]
