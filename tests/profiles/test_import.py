import json

from marketwright.features.accounts import queries as accounts
from marketwright.features.profiles import queries
from marketwright.features.profiles.importing import import_profiles
from marketwright.kernel.rows import read_rows

GOOD = b"""email,name,headline,day_rate,skills,languages,certificates,visible
dora@example.org,Dora Test,Reads logs,640.50,web:3:5 | pen,fr:native | en:working,OSCP;OffSec;OS-1;2020-01;,yes
"""


def load(people, data, *, name="x.csv", skip=False):
    rows = read_rows(data, name, ("email", "name"))
    return people.do(lambda u: import_profiles(u, rows.rows, skip_bad_rows=skip, notes=rows.notes))


def account(people, email="dora@example.org"):
    return people.read(lambda s: accounts.account_by_email(s, email))


def test_a_row_becomes_a_person_with_a_profile_and_claims(people):
    assert load(people, GOOD).created == 1
    found = account(people)
    profile = people.read(lambda s: queries.profile(s, found.id))
    assert (profile.headline, profile.day_rate, profile.listed) == ("Reads logs", 64_050, True)
    kinds = [c.kind for c in people.read(lambda s: queries.claims(s, found.id))]
    assert sorted(kinds) == ["certificate", "language", "language", "skill", "skill"]


def test_an_imported_person_has_no_way_in_until_they_choose_a_password(people):
    load(people, GOOD)
    assert (account(people).confirmed_at, account(people).has_password) == (None, False)


def test_every_bad_cell_is_named_and_nothing_is_kept(people):
    bad = GOOD + b"no-address,,,-5,unknown,fr:perfect,OSCP;;;May;,maybe\n"
    report = load(people, bad)
    assert report.refused
    assert {(f.row, f.field) for f in report.faults} == {
        (3, c) for c in ("email", "name", "day_rate", "skills", "languages", "certificates", "visible")
    }
    assert account(people) is None


def test_a_language_without_its_level_is_told_as_it_is_written(people):
    (fault,) = load(people, b"email,name,languages\nx@example.org,X,de\n").faults
    assert "de:basic, de:working" in str(fault.message)


def test_the_good_rows_can_be_kept(people):
    report = load(people, GOOD + b"x,y,,,,,,\n", skip=True)
    assert (report.created, report.skipped) == (1, 1)


def test_an_address_twice_in_the_file_is_a_fault_of_the_second(people):
    twice = GOOD + b"DORA@example.org,Dora,,,,,,\n"
    (fault,) = load(people, twice).faults
    assert (fault.row, fault.field) == (3, "email")


def test_somebody_who_has_a_profile_is_not_written_over(people):
    report = load(people, b"email,name\nanna@example.org,Anna\n")
    assert "profile for this address" in str(report.faults[0].message)


def test_json_brings_lists_as_lists(people):
    data = [{"email": "eli@example.org", "name": "Eli", "skills": [{"skill": "net", "level": 2, "years": 3}]}]
    load(people, json.dumps(data).encode(), name="x.json")
    (claim,) = people.read(lambda s: queries.claims(s, account(people, "eli@example.org").id))
    assert (claim.skill_id, claim.level, claim.years) == ("net", 2, 3)


def test_a_formula_in_a_cell_is_refused(people):
    report = load(people, b"email,name\nf@example.org,=HYPERLINK(1)\n")
    assert (report.faults[0].row, report.faults[0].field) == (2, "name")
