"""`marketwright new marketplace` and plain cookiecutter: what could not work is refused, and nothing is left behind."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from marketwright.baking import templates
from marketwright.baking.bake import BakingRefused, bake
from marketwright.baking.offers import installed_offers
from marketwright.cli import group
from marketwright.kernel.errors import BadSetting

TEMPLATE = templates.PLACES[0] / "marketplace"


def new(*words, into, answers=None):
    quiet = [] if answers else ["--no-input"]
    return CliRunner().invoke(
        group, ["new", "marketplace", *quiet, "--into", str(into), *words], input=answers, catch_exceptions=False
    )


@pytest.fixture(scope="module")
def baked(tmp_path_factory):
    place = tmp_path_factory.mktemp("new")
    assert new("project_name=Nord", "database=postgresql", into=place).exit_code == 0
    return place / "nord"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("niche=gardening", "niche: no niche pack 'gardening' is installed; there are blank, "),
        ("theme=gothic", "theme: no theme 'gothic' is installed; there are bastion, "),
        ("payment_provider=cash", "payment_provider: no payment provider 'cash' is installed; there are "),
        ("database=oracle", "database: 'oracle' is not supported; there are sqlite, postgresql"),
        ("brand_colour=greenish", "brand_colour: 'greenish' is not a colour such as #0b5a43"),
        ("project_name={{ 7*7 }}", "project_name: 1 to 60 characters"),
        ("project_slug=../up", "project_slug: '../up' must begin with a small letter"),
        ("languages=en,en", "languages: en, fr, or several of them"),
    ],
)
def test_a_wrong_answer_is_refused_with_reason_and_fix_and_leaves_nothing(tmp_path, answer, says):
    with pytest.raises(BadSetting) as refused:
        new(answer, into=tmp_path)
    assert says in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_provider_that_never_moves_the_currency_is_refused_with_the_sentence_of_its_plugin(tmp_path):
    with pytest.raises(BadSetting, match=r"payment_provider: Stripe does not move KWD .* Take another currency"):
        new("currency=KWD", "payment_provider=stripe", into=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_wrong_answer_is_named_at_once(tmp_path, capsys):
    with pytest.raises(BadSetting, match="country"):
        new("niche=x", "country=France", into=tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "marketwright", "new", "marketplace", "--no-input", "niche=x", "country=France"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == ["niche", "country"]


def test_an_unknown_key_is_wrong_usage_and_the_keys_are_named(tmp_path):
    done = new("nich=blank", into=tmp_path)
    assert done.exit_code == 2
    assert "the keys are project_name, project_slug, niche" in done.stderr


def test_a_folder_of_that_name_is_left_alone(baked):
    before = sorted(baked.rglob("*"))
    with pytest.raises(BakingRefused, match=r"there is a folder of that name already.*Choose another name"):
        new("project_name=Nord", into=baked.parent)
    assert sorted(baked.rglob("*")) == before
    assert [f.name for f in baked.parent.iterdir()] == ["nord"]


def test_a_place_that_cannot_be_written_is_named_with_the_fix(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BakingRefused, match="cannot be written: Not a directory"):
        bake("marketplace", {}, tmp_path / "file" / "below", offers=installed_offers())


def test_without_cookiecutter_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cookiecutter", None)
    with pytest.raises(BakingRefused, match=r"needs cookiecutter.*pip install 'cookiecutter>=2\.6'"):
        new(into=tmp_path)


def test_it_asks_again_until_an_answer_could_work(tmp_path):
    done = new(into=tmp_path, answers="Sud Experts\n\nblank\nen\nFrance\nFR\nEUR\nnone\n\nnone\nsqlite\n")
    assert "'France' is not two capital letters" in done.output
    settings = tomllib.loads((tmp_path / "sud-experts" / "marketplace.toml").read_text("utf-8"))["marketplace"]
    assert (settings["country"], settings["theme"], settings["languages"]) == ("FR", "", ["en"])


def test_at_the_end_it_says_what_to_do_next(tmp_path):
    done = new("project_name=Est", into=tmp_path)
    assert f"cd {tmp_path}/est\n" in done.output
    assert "./demo" in done.output
    assert "./check" in done.output


def cookiecutter(*words, cwd, without_marketwright):
    stub = cwd / "stub" / "marketwright"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise ImportError('not here')\n")
    environment = os.environ | {"HOME": str(stub.parent)}  # cookiecutter keeps notes there
    if without_marketwright:
        environment["PYTHONPATH"] = str(stub.parent)
    command = [sys.executable, "-m", "cookiecutter", str(TEMPLATE), "--no-input", *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("alone", [True, False], ids=["on its own", "beside marketwright"])
def test_plain_cookiecutter_bakes_the_same(tmp_path, alone):
    done = cookiecutter("niche=blank", "project_name=Nord", cwd=tmp_path, without_marketwright=alone)
    assert done.returncode == 0, done.stderr
    ours = bake("marketplace", {"project_name": "Nord"}, tmp_path / "ours", offers=installed_offers())

    def files(folder):
        found = (f for f in folder.rglob("*") if f.is_file() and f.parent.name != ".marketwright")
        return {f.relative_to(folder).as_posix(): f.read_bytes() for f in found}

    assert files(tmp_path / "nord") == files(ours)


@pytest.mark.parametrize("alone", [True, False], ids=["on its own", "beside marketwright"])
def test_plain_cookiecutter_refuses_a_wrong_answer_and_leaves_nothing(tmp_path, alone):
    done = cookiecutter("country=France", cwd=tmp_path, without_marketwright=alone)
    assert done.returncode != 0
    assert "Error: country: 'France'" in done.stderr
    assert [f.name for f in tmp_path.iterdir()] == ["stub"]


def test_the_container_runs_compiled_without_root_and_says_how_it_is(baked):
    lines = (baked / "Dockerfile").read_text().splitlines()
    last = lines[lines.index("FROM python:3.12-slim") :]
    assert any("compileall" in line for line in lines)
    assert "USER site" in last
    assert any(line.startswith("HEALTHCHECK") for line in last)


def test_compose_runs_one_container_and_a_proxy_unless_profiles_ask_for_more(baked):
    services = yaml.safe_load((baked / "compose.yaml").read_text())["services"]
    assert {n: s.get("profiles") for n, s in services.items()} == {
        "site": None, "proxy": None, "worker": ["worker"], "database": ["postgres"], "redis": ["redis"],
    }  # fmt: skip
    assert services["site"]["volumes"] == ["site:/site/var"]
    assert services["worker"]["command"] == ["marketwright", "worker"]


def test_what_a_profile_adds_needs_nothing_more_in_the_image(baked):
    lines = (baked / "Dockerfile").read_text()
    assert '"marketwright[postgres,redis]"' in lines  # whatever database was chosen when it was baked


def test_every_service_of_compose_waits_for_one_that_is_there_and_says_how_it_is(baked):
    compose = yaml.safe_load((baked / "compose.yaml").read_text())
    services, volumes = compose["services"], compose["volumes"]
    for name, service in services.items():
        assert {"image", "build"} & service.keys(), name
        for other, how in service.get("depends_on", {}).items():
            assert other in services, name
            assert how["condition"] == "service_healthy"
            assert other == "site" or "test" in services[other]["healthcheck"]  # the site's stands in the Dockerfile
        for volume in service.get("volumes", ()):
            place = volume.split(":")[0]
            assert place in volumes or (baked / place).is_file(), volume
    assert list(services["worker"]["depends_on"]) == ["site"]  # which makes the schema
    for line in (baked / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            assert all((baked / source).exists() for source in line.split()[1:-1]), line


def test_the_workflow_of_the_project_runs_its_check(baked):
    workflow = yaml.safe_load((baked / ".github" / "workflows" / "check.yml").read_text())
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[-1] == {"run": "./check"}
    assert workflow["jobs"]["check"]["env"]["MARKETWRIGHT_SOURCE"] == "${{ vars.MARKETWRIGHT_SOURCE }}"


def test_the_drawings_wear_the_name_and_the_colour(tmp_path):
    folder = bake("marketplace", {"project_name": "Éclair & Co", "brand_colour": "#ffff00"}, tmp_path,
                  offers=installed_offers())  # fmt: skip
    logo = (folder / "theme" / "static" / "logo.svg").read_text("utf-8")
    assert "<title>Éclair &amp; Co</title>" in logo
    assert 'fill="#ffff00"' in logo
    assert 'stroke="#111827"' in logo  # ink that reads on yellow


def test_secrets_have_no_place_in_what_is_committed(baked):
    assert ".env" in (baked / ".gitignore").read_text().split()
    assert not (baked / ".env").exists()
    assert Path(baked / ".env.example").read_text().count("MARKETWRIGHT_SECRET_KEY=\n") == 1


def test_a_marketplace_that_names_no_theme_wears_that_of_its_niche():
    offers = installed_offers()
    assert {n: offers.theme_of(n) for n in ("data", "ai", "cybersecurity", "blank")} == {
        "data": "lattice", "ai": "synapse", "cybersecurity": "bastion", "blank": offers.themes[0],
    }  # fmt: skip
    asked = json.loads((templates.template_folder("marketplace") / "cookiecutter.json").read_text("utf-8"))
    assert asked["_own_themes"] == {n: offers.theme_of(n) for n in asked["niche"]}
    assert list(asked).index("_own_themes") < list(asked).index("theme"), "cookiecutter reads from top to bottom"
