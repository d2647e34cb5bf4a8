import json

import pytest
from click.testing import CliRunner

from marketwright.cli import group
from marketwright.store.database import Database

TOML = '[marketplace]\nname = "Testing"\nslug = "testing"\nlanguages = ["en", "fr"]\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "marketplace.toml").write_text(TOML)
    import marketwright.tables  # noqa: F401  every room's tables

    database = Database(f"sqlite:///{tmp_path}/var/marketplace.sqlite", moves=True)
    database.create_schema()
    database.dispose()
    return tmp_path


def run(folder, *words):
    return CliRunner().invoke(group, ["-C", str(folder), "import", *words])


def test_the_shipped_skills_are_imported_by_one_word(folder):
    done = run(folder, "taxonomy", "esco", "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["refused"]) == (0, False)
    assert report["created"] > 1201


def test_a_bad_row_is_shown_with_its_number_and_nothing_is_imported(folder):
    (folder / "mine.csv").write_text("key,label_en\ngood,Good\nBAD KEY,Bad\n")
    done = run(folder, "taxonomy", str(folder / "mine.csv"))
    assert done.exit_code == 1
    assert "3" in done.stdout
    assert "Nothing was imported" in done.stdout
    assert run(folder, "taxonomy", str(folder / "mine.csv"), "--skip-bad-rows").exit_code == 0


def test_a_file_that_lacks_a_column_is_refused_in_words(folder):
    (folder / "mine.csv").write_text("name\nx\n")
    done = run(folder, "taxonomy", str(folder / "mine.csv"))
    assert done.exit_code != 0
    assert "key is missing" in str(done.exception)


def test_profiles_come_from_json(folder):
    (folder / "people.json").write_text(json.dumps([{"email": "d@example.org", "name": "Dora"}]))
    done = run(folder, "profiles", str(folder / "people.json"), "--json")
    assert json.loads(done.stdout)["created"] == 1


def test_missions_of_nobody_are_refused(folder):
    (folder / "missions.csv").write_text("organisation,title\nNobody,x\n")
    done = run(folder, "missions", str(folder / "missions.csv"), "--json")
    assert (done.exit_code, json.loads(done.stdout)["faults"][0]["row"]) == (1, 2)


def test_a_file_that_is_not_there_is_wrong_usage(folder):
    assert run(folder, "taxonomy", "nowhere.csv").exit_code == 2
