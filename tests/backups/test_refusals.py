"""A file that is damaged, newer or somebody else's is refused before anything is touched."""

import io
import json
import os
import random
import shutil
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner
from tests.backups.conftest import opened

from marketwright.cli import group
from marketwright.features.backups import archive, restoring
from marketwright.kernel.errors import InvalidInput
from marketwright.settings.marketplace import Stage
from marketwright.testing import plugin


@pytest.fixture(scope="module")
def standing(database_templates, tmp_path_factory):
    """A site that nothing in here may change, and a backup of it."""
    folder = tmp_path_factory.mktemp("standing")
    with opened(plugin.testing_marketplace(folder, ""), database_templates) as found:
        found.back_up(folder / "monday.zip")
        found.note("tests.after")
        yield found, folder / "monday.zip"


@pytest.fixture
def site(standing):
    return standing[0]


@pytest.fixture
def saved(standing, tmp_path):
    """A copy of the backup, to be spoilt."""
    return shutil.copyfile(standing[1], tmp_path / "monday.zip")


def everything(site):
    """Every file below the site's folder, by name and content."""
    var = site.house.marketplace.var
    return {p.relative_to(var): p.read_bytes() for p in var.rglob("*") if p.is_file() and not p.name.endswith("-shm")}


def refused(site, file, match):
    site.house.database.dispose()
    before = everything(site)
    with pytest.raises(InvalidInput, match=match):
        site.restore(file)
    after = everything(site)
    after.pop(next((p for p in after if p.name == "site.lock" and p not in before), None), None)
    assert after == before


def test_a_file_with_any_bit_changed_is_refused(site, saved):
    whole, dice = saved.read_bytes(), random.Random(7)
    places = [0, len(whole) - 1, len(whole) - 70, *(dice.randrange(len(whole)) for _ in range(40))]
    for place in places:
        changed = bytearray(whole)
        changed[place] ^= 1 << dice.randrange(8)
        saved.write_bytes(changed)
        with pytest.raises(InvalidInput, match=r"damaged|no backup"), archive.open_archive(saved):
            pass
    refused(site, saved, "damaged|no backup")


def test_a_file_cut_short_anywhere_is_refused(site, saved):
    whole = saved.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 64, len(whole) - 1):
        saved.write_bytes(whole[:length])
        with pytest.raises(InvalidInput, match="no backup"), archive.open_archive(saved):
            pass
    refused(site, saved, "no backup")


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04", os.urandom(5000)])
def test_what_is_no_backup_is_refused(content, tmp_path):
    file = tmp_path / "x.zip"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match="no backup"), archive.open_archive(file):
        pass


def rewritten(file, **changes):
    """The same backup with another manifest, signed again: as another version would have written it."""
    with zipfile.ZipFile(file) as old:
        members = {n: old.read(n) for n in old.namelist()}
    data = json.loads(members["manifest.json"]) | changes
    members["manifest.json"] = json.dumps(data).encode()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
        new.comment = archive._MARK + b"0" * 64
    body = stream.getvalue()
    file.write_bytes(body[:-64] + archive.sha256(body[:-64]).hexdigest().encode())
    return file


def manifest_of(saved):
    with zipfile.ZipFile(saved) as old:
        return json.loads(old.read("manifest.json"))


def test_a_newer_format_is_refused_naming_the_version_to_install(site, saved):
    refused(site, rewritten(saved, format=2, version="9.1"), "9.1")


def test_a_newer_schema_is_refused_naming_the_version_to_install(site, saved):
    refused(site, rewritten(saved, revision="0999", version="9.1"), "9.1 or newer")


def test_a_plugin_file_outside_of_its_folder_is_refused(site, saved):
    refused(site, rewritten(saved, plugin_files=["../../etc/passwd"]), "outside")


def test_another_marketplace_is_refused_by_name(site, saved, monkeypatch):
    monkeypatch.setattr(site.house, "marketplace", replace(site.house.marketplace, slug="elsewhere"))
    refused(site, saved, "'testing'; this one is 'elsewhere'")


def test_another_stage_is_refused_since_money_never_crosses(site, saved, monkeypatch):
    monkeypatch.setattr(site.house, "marketplace", replace(site.house.marketplace, stage=Stage.TEST))
    refused(site, saved, "money never crosses stages")


@pytest.mark.parametrize(("change", "names"), [
    ({"rows": "many"}, "tables.0.rows"), ({"columns": "id"}, "tables.0.columns"), ({"sha256": None}, "tables.0.sha256"),
    ({"name": 7}, "tables.0.name"),
])  # fmt: skip
def test_a_forged_manifest_is_refused_naming_the_place(site, saved, change, names):
    tables = manifest_of(saved)["tables"]
    refused(site, rewritten(saved, tables=[{**tables[0], **change}, *tables[1:]]), names)


@pytest.mark.parametrize("tables", ["accounts", [7], None])
def test_tables_that_are_no_list_of_tables_are_refused(site, saved, tables):
    refused(site, rewritten(saved, tables=tables), "tables")


@pytest.mark.parametrize("name", ['id") FROM PROGRAM \'id\' --', "no_such_column"])
def test_a_column_that_the_schema_has_not_is_refused_by_name(site, saved, name):
    tables = manifest_of(saved)["tables"]
    at = next(n for n, t in enumerate(tables) if t["name"] == "accounts")
    tables[at] = {**tables[at], "columns": [[name, "text"], *tables[at]["columns"][1:]]}
    refused(site, rewritten(saved, tables=tables), "has no such column")


def test_rows_that_are_not_those_written_are_refused(site, saved):
    tables = manifest_of(saved)["tables"]
    refused(site, rewritten(saved, tables=[{**t, "sha256": "0" * 64} for t in tables]), "not those that were written")


def test_a_missing_row_is_found_out(site, saved):
    tables = manifest_of(saved)["tables"]
    for table in tables:
        table["rows"] += table["name"] == "accounts"
    from marketwright.kernel.errors import BrokenInvariant

    with pytest.raises(BrokenInvariant, match="accounts holds"):
        site.restore(rewritten(saved, tables=tables))
    assert site.count() == 2


def test_too_little_space_is_said_before_anything_is_written(site, saved, monkeypatch):
    from marketwright.kernel.errors import Unavailable

    usage = restoring.shutil.disk_usage(site.house.marketplace.var)
    monkeypatch.setattr(restoring.shutil, "disk_usage", lambda _p: usage._replace(free=1000))
    with pytest.raises(Unavailable, match="free space"):
        restoring.restore(site.house, saved, by="Ada")


@pytest.fixture
def own(marketplace, database_templates):
    """A site of the test's own, which commands may change."""
    with opened(marketplace, database_templates) as found:
        yield found


@pytest.fixture
def run(own, monkeypatch):
    """The command line on the site."""
    site = own
    folder = site.house.marketplace.folder
    (folder / "marketplace.toml").write_text(
        'plugins = ["standard_contracts"]\n[marketplace]\nname = "Testing"\nslug = "testing"\nstage = "demo"\n'
    )
    monkeypatch.setenv("MARKETWRIGHT_DATABASE_URL", site.house.marketplace.database_url)
    return lambda *words, **how: CliRunner().invoke(group, ["-C", str(folder), *map(str, words)], **how)


def test_a_file_that_cannot_be_restored_is_refused_before_any_question(run, tmp_path):
    result = run("restore", tmp_path / "nothing.zip", input="y\n")
    assert isinstance(result.exception, InvalidInput)
    assert "Go on?" not in result.output


def test_the_commands_save_rehearse_and_restore(own, run, tmp_path):
    site = own
    file = tmp_path / "by-hand.zip"
    assert "Saved in" in run("backup", file).output
    site.note("tests.after")
    assert "All rules of the ledger hold." in run("restore", file, "--rehearse", "--by", "Ada").output
    assert site.count() == 2
    site.house.database.dispose()
    assert run("restore", file, input="n\n").exit_code == 1
    assert site.count() == 2
    result = run("restore", file, "--yes", "--json")
    assert json.loads(result.output)["findings"] == []
    assert site.count() == 1
