from pathlib import Path

import pytest

from marketwright.features.skills import queries, service
from marketwright.features.skills.taxonomy import COLUMNS, ESCO, read_taxonomy
from marketwright.kernel.actors import system
from marketwright.kernel.rows import Row, read_rows
from marketwright.strategies.fields import Taxonomy

GOOD = """key,label_en,label_fr,alt_en,alt_fr,broader
sec,Security,Sécurité,,,
pen,Penetration testing,Test d'intrusion,pentest | pen test,pentest,sec
""".encode()


def load(database, data: bytes, *, taxonomy="mine", skip=False):
    rows = read_rows(data, "x.csv").rows
    with database.unit(system("test")) as uow:
        report = service.import_taxonomy(uow, rows, taxonomy=taxonomy, skip_bad_rows=skip)
        uow.commit()
    return report


def found(database, text, locale="en"):
    with database.reading() as session:
        return [r.id for r in queries.find(session, text, locale)]


def test_a_good_file_is_imported_whole(database):
    assert load(database, GOOD).created == 2
    assert found(database, "pentests") == ["pen"]


def test_a_taxonomy_of_a_plugin_comes_in_once_and_is_then_left_to_the_operator(database, tmp_path):
    (tmp_path / "mine.csv").write_bytes(GOOD)
    brought = [Taxonomy("mine", "Mine", tmp_path / "mine.csv")]
    assert service.bring_taxonomies(database, brought)["mine"].created == 2
    load(database, GOOD.replace(b"pen test", b"ethical hacking"))
    assert service.bring_taxonomies(database, brought) == {}
    assert found(database, "ethical hacking") == ["pen"]


def test_importing_again_renews_and_doubles_nothing(database):
    load(database, GOOD)
    again = load(database, GOOD.replace(b"pen test", b"ethical hacking"))
    assert (again.created, again.updated) == (0, 2)
    assert found(database, "ethical hacking") == ["pen"]
    with database.reading() as session:
        assert queries.exact(session, ["pen test"], "en") == {}


def test_one_bad_row_refuses_the_whole_file(database):
    report = load(database, GOOD + b"Bad Key,X,,,,\n")
    assert report.refused
    assert [(f.row, f.field) for f in report.faults] == [(4, "key")]
    assert found(database, "pentest") == []


def test_bad_rows_can_be_left_out(database):
    report = load(database, GOOD + b"Bad Key,X,,,,\n", skip=True)
    assert (report.created, report.skipped) == (2, 1)
    assert found(database, "pentest") == ["pen"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"pen,Again,,,,\n", "key"),
        (b"x,,,,,\n", "label_en"),
        (b"x,=1+1,,,,\n", "label_en"),
        (b"x,Thing,,,,nowhere\n", "broader"),
        (b"x,Thing,,,,,surplus\n", ""),
        (b"x," + b"y" * 201 + b",,,,\n", "label_en"),
    ],
)
def test_each_kind_of_bad_row_is_named_with_its_column(database, line, field):
    faults = load(database, GOOD + line).faults
    assert [(f.row, f.field) for f in faults] == [(4, field)]


def test_what_is_broader_than_itself_by_way_of_others_is_refused(database):
    circle = b"key,label_en,broader\na,A,b\nb,B,c\nc,C,a\n"
    report = load(database, circle)
    assert report.refused
    assert "broader than itself" in str(report.faults[0].message)


def test_left_out_rows_take_their_narrower_ones_with_them(database):
    report = load(database, b"key,label_en,broader\nBAD KEY,A,\nb,B,BAD KEY\nc,C,b\nd,D,\n", skip=True)
    assert (report.created, report.skipped) == (1, 3)


def test_a_key_of_another_taxonomy_is_not_taken_over(database):
    load(database, GOOD)
    assert "belongs to the taxonomy mine" in str(load(database, GOOD, taxonomy="other").faults[0].message)


def test_the_shipped_esco_skills_import_without_a_fault(database):
    with database.unit(system("test")) as uow:
        report = service.import_taxonomy(uow, read_taxonomy(ESCO).rows, taxonomy="esco")
        uow.commit()
    assert report.created > 1201
    assert not report.faults
    assert found(database, "haskell")[0].startswith("esco-")


def test_the_shipped_file_has_the_columns_of_every_taxonomy():
    assert tuple(read_taxonomy(ESCO).rows[0].values) == COLUMNS


def test_bundled_niche_skills_import_without_a_fault(database):
    path = Path(__file__).parents[2] / "plugins/cybersecurity/marketwright_cybersecurity/taxonomy/skills.csv"
    with database.unit(system("test")) as uow:
        report = service.import_taxonomy(uow, read_taxonomy(path).rows, taxonomy="cybersecurity")
    assert (report.faults, report.skipped) == ((), 0)


def test_an_empty_row_is_no_row():
    assert [r.number for r in read_rows(b"key,label_en\n,\na,A\n", "x.csv").rows] == [3]
    assert Row(1, {"key": None}).text("key") == ""
