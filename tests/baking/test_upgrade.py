"""A baked folder follows a newer template; what its operator changed is merged, kept or asked about, never lost."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from marketwright.baking import templates
from marketwright.baking.bake import bake
from marketwright.baking.merging import MINE
from marketwright.baking.offers import installed_offers
from marketwright.cli import group
from marketwright.kernel.errors import BadSetting

README = Path("README.md")


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """The template as a newer marketwright has it: a copy to change."""
    place = tmp_path / "templates"
    shutil.copytree(templates.PLACES[0], place)
    monkeypatch.setattr(templates, "PLACES", (place,))
    return place / "marketplace" / "{{cookiecutter.project_slug}}"


@pytest.fixture(scope="module")
def oven(tmp_path_factory):
    return bake("marketplace", {"project_name": "Nord"}, tmp_path_factory.mktemp("oven"), offers=installed_offers())


@pytest.fixture
def baked(oven, tmp_path):
    return Path(shutil.copytree(oven, tmp_path / "nord"))


def upgrade(folder, *options):
    done = CliRunner().invoke(group, ["--folder", str(folder), "upgrade", *options])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def edit(file, before, after):
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def contents(folder):
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_the_same_template_changes_nothing(baked):
    done = upgrade(baked, "--diff")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "Nothing to do" in done.stderr


def test_diff_shows_what_would_change_and_writes_nothing(baked, newer):
    edit(newer / README, "## What is where", "## What lies where")
    before = contents(baked)
    done = upgrade(baked, "--diff")
    assert done.exit_code == 1
    assert "-## What is where\n+## What lies where\n" in done.stdout
    assert contents(baked) == before


def test_what_the_operator_left_alone_is_renewed(baked, newer):
    edit(newer / "demo", "#!/bin/sh\n", "#!/bin/sh\n# newer\n")
    assert upgrade(baked, "--apply").exit_code == 0
    assert (baked / "demo").read_text().splitlines()[1] == "# newer"
    assert (baked / "demo").stat().st_mode & 0o777 == 0o755
    assert "Nothing to do" in upgrade(baked, "--diff").stderr


def test_changes_apart_from_each_other_are_merged(baked, newer):
    edit(newer / "marketplace.toml", "proposal_days = 14", "proposal_days = 21")
    edit(baked / "marketplace.toml", 'director = ""', 'director = "Maud"')
    assert upgrade(baked, "--apply").exit_code == 0
    settings = (baked / "marketplace.toml").read_text()
    assert "proposal_days = 21" in settings
    assert 'director = "Maud"' in settings


def test_a_conflict_leaves_the_operators_file_and_stands_beside_it(baked, newer):
    edit(newer / README, "## What is where", "## What lies where")
    edit(baked / README, "## What is where", "## The folder")
    before = (baked / README).read_text()
    done = upgrade(baked, "--apply")
    assert done.exit_code == 1
    assert (baked / README).read_text() == before
    beside = (baked / "README.md.conflict").read_text()
    assert f"{MINE}## The folder\n=======\n## What lies where\n" in beside


def test_a_conflict_is_asked_about_until_it_is_decided(baked, newer):
    edit(newer / README, "## What is where", "## What lies where")
    edit(baked / README, "## What is where", "## The folder")
    upgrade(baked, "--apply")
    assert upgrade(baked, "--diff").exit_code == 1
    edit(baked / README, "## The folder", "## What lies where")
    assert upgrade(baked, "--diff").exit_code == 0


def test_the_operator_may_keep_theirs_for_good(baked, newer):
    edit(newer / README, "## What is where", "## What lies where")
    edit(baked / README, "## What is where", "## The folder")
    assert upgrade(baked, "--apply", "--mine", "README.md").exit_code == 0
    assert "## The folder" in (baked / README).read_text()
    assert upgrade(baked, "--diff").exit_code == 0


def test_a_new_file_comes_and_a_dropped_one_goes(baked, newer):
    (newer / "NEWS.md").write_text("# News of {{ cookiecutter.project_name }}\n")
    (newer / "Caddyfile").unlink()
    assert upgrade(baked, "--apply").exit_code == 0
    assert (baked / "NEWS.md").read_text() == "# News of Nord\n"
    assert not (baked / "Caddyfile").exists()


def test_a_dropped_file_that_the_operator_changed_stays(baked, newer):
    (newer / "Caddyfile").unlink()
    edit(baked / "Caddyfile", "encode zstd gzip", "encode gzip")
    assert upgrade(baked, "--apply").exit_code == 0
    assert "encode gzip" in (baked / "Caddyfile").read_text()


def test_a_new_file_never_replaces_one_of_the_operators_own(baked, newer):
    (newer / "NEWS.md").write_text("theirs\n")
    (baked / "NEWS.md").write_text("mine\n")
    assert upgrade(baked, "--apply").exit_code == 1
    assert (baked / "NEWS.md").read_text() == "mine\n"


def test_a_file_that_the_operator_removed_does_not_come_back(baked, newer):
    edit(newer / "Caddyfile", "encode zstd gzip", "encode gzip")
    (baked / "Caddyfile").unlink()
    assert upgrade(baked, "--apply").exit_code == 0
    assert not (baked / "Caddyfile").exists()


def test_a_folder_without_a_record_is_refused_with_the_fix(tmp_path):
    with pytest.raises(BadSetting, match=r"no record of its baking\. Run it in a folder"):
        upgrade(tmp_path, "--diff")


@pytest.mark.parametrize("text", ["{", "[]", '{"marketwright": "0.1.0"}', "\x00"])
def test_a_damaged_record_is_refused_with_the_fix(baked, text):
    (baked / ".marketwright" / "baked.json").write_text(text)
    with pytest.raises(BadSetting, match="git checkout"):
        upgrade(baked, "--apply")


def test_a_folder_that_a_newer_marketwright_baked_is_refused(baked):
    file = baked / ".marketwright" / "baked.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"marketwright": "99.0.0"}))
    with pytest.raises(BadSetting, match=r"99\.0\.0 baked this.*Upgrade marketwright first"):
        upgrade(baked, "--apply")


def test_a_stray_name_to_keep_is_refused(baked):
    with pytest.raises(BadSetting, match="--mine nothing"):
        upgrade(baked, "--apply", "--mine", "nothing")


def test_without_saying_what_it_is_wrong_usage(baked):
    done = subprocess.run([sys.executable, "-m", "marketwright", "-C", str(baked), "upgrade"], capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 2
    assert "--diff" in done.stderr
