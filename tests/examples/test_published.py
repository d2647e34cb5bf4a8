"""Whatever is chosen bakes a project that serves and passes its own check, on the wheel as it would be published.

The wheel is built once a run and unpacked into a folder that stands first on the path of every process; nothing is
downloaded, and nothing comes from the checkout.
"""

import json
import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import urlopen

import pytest
from tests.examples.answers import pairwise, product

from marketwright.baking.offers import installed_offers
from marketwright.testing.live import free_port, wait_for

ROOT = Path(__file__).parents[2]
BAKE = """
import json, sys
from pathlib import Path
from marketwright.baking.bake import bake
from marketwright.baking.offers import installed_offers
for n, answers in enumerate(json.load(sys.stdin)):
    print(bake("marketplace", answers, Path(sys.argv[1]) / str(n), offers=installed_offers()))
"""
WALK = """
import sys, tempfile
from pathlib import Path
from marketwright.testing.golden import golden_deal, ledger_findings
from marketwright.testing.site import open_site
for folder in sys.argv[1:]:
    with tempfile.TemporaryDirectory() as scratch, open_site(Path(folder), Path(scratch)) as site:
        for page in ("/", "/freelancers", "/missions", "/terms", "/legal"):
            assert site.browse().get(page).status_code == 200, (folder, page)
        deal = golden_deal(site.house)
        assert ledger_findings(site.house) == []
        print(deal.row().state)
"""
OFFERS = installed_offers()
SETS = pairwise(OFFERS)
# The defaults, and a set that differs from them in every answer; the whole check of more than one is for --full.
DEMOS = (0, pytest.param(1, marks=pytest.mark.slow))


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The environment of an operator who has the wheel and no network."""
    place = tmp_path_factory.mktemp("wheel")
    built = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)], cwd=ROOT,
                           capture_output=True, text=True, check=False)  # fmt: skip
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
        wheel.extractall(place / "site")
    templates = place / "site" / "marketwright" / "templates_cookiecutter"
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(templates)], check=False)  # as pip does
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MARKETWRIGHT_", "PYTEST_", "COVERAGE"))}
    return kept | {"PYTHONPATH": str(place / "site"), "PIP_NO_INDEX": "1", "MARKETWRIGHT_PYTHON": sys.executable}


def run(*command, environment, cwd, **more):
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False, **more)


def bake_all(sets, folder, environment):
    done = run(sys.executable, "-c", BAKE, str(folder), environment=environment, cwd=folder, input=json.dumps(sets))
    assert done.returncode == 0, done.stdout + done.stderr
    return [Path(line) for line in done.stdout.splitlines()]


def check(place, environment, *arguments):
    return run("./check", *arguments, environment=environment, cwd=place)


@pytest.fixture(scope="module")
def baked(environment, tmp_path_factory):
    return bake_all(SETS, tmp_path_factory.mktemp("baked"), environment)


def test_the_wheel_is_what_runs_and_not_the_checkout(environment, tmp_path):
    code = "import marketwright, marketwright_commission, marketwright_theme_bastion as t; print(t.__file__); "
    done = run(sys.executable, "-c", code + "print(marketwright.__file__)", environment=environment, cwd=tmp_path)
    assert [Path(line).is_relative_to(environment["PYTHONPATH"]) for line in done.stdout.split()] == [True, True]


def test_no_bytecode_of_the_installed_template_is_baked(baked):
    assert [f for folder in baked for f in folder.rglob("*.pyc")] == []


@pytest.mark.parametrize("sets", [SETS[:2], pytest.param(SETS, marks=pytest.mark.slow)], ids=["two", "every pair"])
def test_each_set_of_choices_opens_its_pages_and_ends_a_deal(baked, environment, tmp_path, sets):
    done = run(sys.executable, "-c", WALK, *map(str, baked[: len(sets)]), environment=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == ["ENDED"] * len(sets)


@pytest.mark.parametrize("n", DEMOS)
def test_a_baked_project_passes_its_check_at_once(baked, environment, n):
    done = check(baked[n], environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.slow
def test_every_choice_passes_its_check(environment, tmp_path):
    sets = list(product(OFFERS))
    places = bake_all(sets, tmp_path, environment)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda place: check(place, environment), places))
    assert [(a, done.stdout[-2000:]) for a, done in zip(sets, results, strict=True) if done.returncode] == []


@pytest.mark.parametrize("n", DEMOS)
def test_a_baked_demo_serves(baked, environment, n):
    folder, port = baked[n], free_port()
    command = ["./demo", "--port", str(port), "--people", "4"]
    log = (folder / "demo.log").open("w")
    demo = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    def front_page():
        assert demo.poll() is None, (folder / "demo.log").read_text()
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    try:
        page = wait_for(front_page, "front page", patience=60)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=20)
        log.close()
    assert SETS[n]["project_name"].split("&")[0] in page


@pytest.mark.slow
def test_a_project_that_was_moved_and_renamed_still_passes_its_check(baked, environment, tmp_path):
    assert check(baked[0], environment, "tests/test_smoke.py").returncode == 0  # its environment stands
    moved = tmp_path / "elsewhere" / "under another name"
    moved.parent.mkdir()
    baked[0].rename(moved)
    without = {k: v for k, v in environment.items() if k != "MARKETWRIGHT_PYTHON"} | {"PATH": "/usr/bin:/bin"}
    done = check(moved, without, "tests/test_smoke.py")
    moved.rename(baked[0])
    assert done.returncode == 0, done.stdout + done.stderr
