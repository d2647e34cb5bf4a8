"""Each example is what the cookiecutter bakes, plus words of its own; every answer bakes something that starts."""

import itertools
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

from marketwright.app import build_house, create_app
from marketwright.baking.hooks import as_environment
from marketwright.baking.offers import installed_offers
from marketwright.settings.loader import load_marketplace
from marketwright.testing.browse import Browse

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = ROOT / "templates-cookiecutter" / "marketplace"
EXAMPLES = runpy.run_path(str(ROOT / "scripts" / "bake_examples.py"))["EXAMPLES"]
OWN_FOLDERS = ("content", "var", ".venv", ".marketwright")  # the record of a baking is for folders that are upgraded
QUESTIONS = json.loads((TEMPLATE / "cookiecutter.json").read_text("utf-8"))
NAMES = ("niche", "theme", "payment_provider", "database")
FIRST = {name: QUESTIONS[name][0] for name in NAMES}
# Each niche in each theme, and each provider on each database: what the two have to do with each other.
CHOICES = [
    FIRST | dict(zip(two, answers, strict=True))
    for two in (NAMES[:2], NAMES[2:])
    for answers in itertools.product(*(QUESTIONS[name] for name in two))
]


def bake(folder, **answers):
    return Path(cookiecutter(str(TEMPLATE), no_input=True, output_dir=str(folder), extra_context=answers))


@pytest.fixture(scope="module", autouse=True)
def known():
    """Look once for what is installed, and tell the template's hooks."""
    before = dict(os.environ)
    os.environ.update(as_environment(installed_offers()))
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module", params=EXAMPLES)
def pair(known, request, tmp_path_factory):
    """What the cookiecutter bakes with an example's answers, and the example."""
    baked = bake(tmp_path_factory.mktemp("bake"), **EXAMPLES[request.param])
    return baked, ROOT / "examples" / request.param


def files(folder):
    found = (f.relative_to(folder) for f in folder.rglob("*") if f.is_file())
    return {f.as_posix(): f for f in sorted(found) if f.parts[0] not in OWN_FOLDERS and "__pycache__" not in f.parts}


def test_an_example_has_the_files_that_the_cookiecutter_bakes_and_no_other(pair):
    baked, example = map(files, pair)
    assert list(example) == list(baked)


def test_every_file_but_settings_and_drawings_is_the_same_to_the_byte(pair):
    baked, example = pair
    differing = [f for f in files(baked) if (baked / f).read_bytes() != (example / f).read_bytes()]
    assert [f for f in differing if f != "marketplace.toml" and not f.startswith("theme/static/")] == []


def test_the_commands_of_an_example_can_be_run(pair):
    assert [f for folder in pair for f in ("demo", "check") if not os.access(folder / f, os.X_OK)] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_tests_of_an_example_pass(name):
    own = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header"]
    run = subprocess.run(own, cwd=ROOT / "examples" / name, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-2000:]


# What the example alone has, as scripts/bake_examples.py keeps it.
OWN_BLOCK = re.compile(r"^ *# Of this example alone:\n.*?^ *# Baked again:\n", re.MULTILINE | re.DOTALL)


def settings_without_what_is_the_operators(folder):
    data = tomllib.loads(OWN_BLOCK.sub("", (folder / "marketplace.toml").read_text("utf-8")))
    data.pop("legal")
    data["marketplace"].pop("tagline")
    return data


def test_the_settings_of_an_example_differ_in_its_legal_notice_and_tagline_alone(pair):
    baked, example = map(settings_without_what_is_the_operators, pair)
    assert baked == example


def test_an_example_writes_the_same_pages_in_the_same_languages(pair):
    pages = [{f.relative_to(folder).as_posix() for f in (folder / "content").rglob("*") if f.is_file()}
             for folder in pair]  # fmt: skip
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"project_slug": "9 lives"}, "project_slug: '9 lives'"),
        ({"project_slug": "../up"}, "project_slug: '../up'"),
        ({"project_name": " "}, "project_name: 1 to 60 characters"),
        ({"project_name": "x" * 61, "project_slug": "long"}, "project_name: 1 to 60 characters"),
        ({"languages": "en,de"}, "languages: en, fr"),
        ({"country": "France"}, "country: 'France'"),
        ({"currency": "euro"}, "currency: 'euro'"),
        ({"currency": "QQQ"}, "currency: 'QQQ' is not supported; there are AED"),
        ({"country": "QQ"}, "country: 'QQ' is no country of ISO 3166"),
        ({"project_name": 'The "best"', "project_slug": "best"}, "without quotes"),
        ({"brand_colour": "green"}, "brand_colour: 'green'"),
    ],
)
def test_an_answer_that_could_not_work_is_refused_with_the_reason(tmp_path, capfd, answers, says):
    with pytest.raises(FailedHookException):
        bake(tmp_path, **answers)
    assert says in capfd.readouterr().err


def test_a_refused_answer_leaves_no_folder_behind(tmp_path):
    with pytest.raises(FailedHookException):
        bake(tmp_path, country="France")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answers", CHOICES, ids=lambda a: "-".join(a.values()))
def test_every_choice_bakes_settings_that_load(tmp_path, answers):
    made = load_marketplace(bake(tmp_path, **answers), {})
    house = build_house(made)
    house.database.dispose()
    assert [p.name for p in house.plugins.enabled] == list(made.plugins)


@pytest.mark.parametrize(("theme", "languages"), [
    *((theme, "en") for theme in QUESTIONS["theme"]), (QUESTIONS["theme"][0], "fr"), (QUESTIONS["theme"][0], "fr,en"),
])  # fmt: skip
def test_a_baked_marketplace_opens_its_front_page(tmp_path, theme, languages):
    folder = bake(tmp_path, project_name="Nord Experts", languages=languages, theme=theme, brand_colour="#7a1fa2")
    made = load_marketplace(folder, {})
    house = build_house(made)
    house.database.create_schema()
    app = create_app(made, house)
    app.testing = True
    page = Browse(app).get("/")
    house.database.dispose()
    assert page.status_code == 200
    assert "Nord Experts" in page.text


def test_a_brand_colour_reaches_the_tokens(tmp_path):
    folder = bake(tmp_path, brand_colour="#7a1fa2")
    made = load_marketplace(folder, {})
    house = build_house(made)
    css = Browse(create_app(made, house)).get("/theme/tokens.css").text
    house.database.dispose()
    assert "#7a1fa2" in css


def test_a_language_that_was_not_chosen_leaves_no_pages(tmp_path):
    assert [f.name for f in (bake(tmp_path, languages="fr") / "content").iterdir()] == ["fr"]
