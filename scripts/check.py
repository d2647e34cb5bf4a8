"""``./check``: sets up the test environment and runs everything that must pass."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

from environment import BIN, ROOT, ensure, surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

LAST_FAILED = "v/cache/lastfailed"  # in pytest's cache
NOTHING_COLLECTED = 5  # pytest's word when what was asked for holds no test of this step
WHOLE_DRILL = ("--kills", "1000", "--races", "200", "--webhooks", "20000", "--faults")
# What is drawn, baked, asked of providers or read on single pages, whatever engine its rows came from: on PostgreSQL in
# --full alone. One walk opens every page there as everybody (tests/security/test_hostile_rows.py), so that each
# statement of a page has run on both engines; services, ledger, jobs, backups and migrations run whole on both. Of
# files marked ``either_engine`` only what is ``both_engines`` runs there: the statements, rules and races of the
# database that no other test has.
DRAWN = [*(f"--ignore={path}" for path in (
    "tests/baking", "tests/cli", "tests/content", "tests/docs", "tests/examples", "tests/kits", "tests/live",
    "tests/operator", "tests/pages", "tests/rehearsal", "tests/theming", "tests/web", "themes",
    "plugins/stripe/tests/test_a_deal.py", *(f"tests/security/test_{name}.py" for name in (
        "headers", "injection", "objects", "routes", "scripts_in_texts")),
)), "--ignore-glob=*/test_*pages.py"]  # fmt: skip
BOTH = "(both_engines or not either_engine)"
# Steps that leave a core idle are run beside each other.
AT_ONCE = ("ruff", "mypy strict", "import contracts", "kill -9, on SQLite", "kill -9, on PostgreSQL")
MEMORY, ROOM = Path("/dev/shm"), 6 * 2**30  # noqa: S108  where files need no disk, and the bytes that a run may take
SHELF = "MARKETWRIGHT_COMPILED_TEMPLATES"  # where the tests' processes keep for each other what they have compiled
# Its shell without windows first: the same engine, and half the work around each page.
CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def _chromium() -> str | None:
    given = os.environ.get("MARKETWRIGHT_CHROMIUM")
    return given or next((found for name in CHROMIUMS if (found := shutil.which(name))), None)


def _run(command: list[str], environment: dict[str, str], out: IO[str] | None = None) -> int:
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=out, stderr=out).returncode
    return 0 if code == NOTHING_COLLECTED else code


def _failed_modules(cache: Path) -> list[str]:
    """Files with a test that failed, whole: the tests of a deal go on where the one before stopped."""
    file = cache / LAST_FAILED
    failed = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return sorted({test.partition("::")[0] for test in failed})


@contextmanager
def _scratch(environment: dict[str, str]) -> Iterator[None]:
    """Let the tests' own files lie in memory where there is room: they survive no power cut, and wait for no disk."""
    if not (MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM):
        yield
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="check-", ignore_cleanup_errors=True) as folder:
        environment["TMPDIR"] = folder
        environment[SHELF] = tempfile.mkdtemp(prefix="templates-", dir=folder)
        yield
        del environment["TMPDIR"], environment[SHELF]


def _with_a_browser() -> list[str]:
    """The files whose tests sit before a browser: three processes need not read all the others."""
    files = (f for folder in ("tests", "plugins", "themes") for f in (ROOT / folder).rglob("test_*.py"))
    marks = ("mark.browser", "in_a_browser")
    return sorted(
        str(f.relative_to(ROOT)) for f in files if "e2e" in f.parts or any(m in f.read_text("utf-8") for m in marks)
    )


def _is_path(argument: str) -> bool:
    return not argument.startswith("-") and (ROOT / argument.partition("::")[0]).exists()


def _step(name: str, command: list[str], environment: dict[str, str], out: IO[str] | None = None) -> bool:
    """Run one step. Modules in which a test fails are run once more, alone: a busy machine is told from a fault."""
    print(f"\n── {name}", flush=True, file=out)
    began = time.monotonic()
    if "pytest" not in command:
        code = _run(command, environment, out)
    else:
        cache = ROOT / ".pytest_cache" / name.replace(" ", "-").replace(",", "")
        (cache / LAST_FAILED).unlink(missing_ok=True)
        command = [*command, "-o", f"cache_dir={cache}"]
        code = _run(command, environment, out)
        modules = _failed_modules(cache) if code else []
        if modules:
            print(f"   once more, one test at a time: {' '.join(modules)}", flush=True, file=out)
            again = [command[0], *(a for a in command[1:] if not _is_path(a)), "-n", "0", *modules]
            code = _run(again, environment, out)
            print("   NOT STEADY: it failed among others and passed alone" if code == 0 else "", flush=True, file=out)
    print(f"   {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True, file=out)
    return code == 0


def _side_by_side(steps: list[tuple[str, list[str]]], environment: dict[str, str]) -> list[bool]:
    """Run ``steps`` at once; what each says is printed whole, one after the other."""
    if len(steps) == 1:
        return [_step(*steps[0], environment)]
    with ExitStack() as stack, ThreadPoolExecutor(len(steps)) as pool:
        said = [stack.enter_context(tempfile.TemporaryFile("w+")) for _ in steps]
        results = list(pool.map(lambda step, out: _step(*step, environment, out), steps, said))
        for out in said:
            out.seek(0)
            print(out.read(), flush=True, end="")
    return results


def main() -> None:
    """Run all steps, then say which failed."""
    arguments = sys.argv[1:]
    own, more = (arguments[: arguments.index("--")], arguments[arguments.index("--") + 1 :]) if "--" in arguments else (
        arguments, [])  # fmt: skip
    unknown = [a for a in own if a != "--full"]
    if unknown:
        print(f"{unknown[0]} is not an option of ./check; there is --full, and what goes to pytest stands after --.",
              file=sys.stderr)  # fmt: skip
        raise SystemExit(2)
    began = time.monotonic()
    ensure("dev")
    environment = surroundings()
    chromium = _chromium()
    if chromium:
        environment["MARKETWRIGHT_CHROMIUM"] = chromium
    else:
        print("No Chromium here: browser tests are left out. Get one: apt-get install chromium (or set "
              "MARKETWRIGHT_CHROMIUM to its path).")  # fmt: skip
    length = "" if "--full" in own else " and not slow"
    python = str(BIN / "python")
    tests = [python, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    quick, browser = [*tests, "-m", "not browser" + length], [*tests, "-n", "3", "-m", "browser" + length]
    seen = [] if any(map(_is_path, more)) else _with_a_browser()
    drill = [python, "-m", "marketwright", "drill", "money", *WHOLE_DRILL, "--anew"]
    steps = [
        ("ruff", [str(BIN / "ruff"), "check", "."]),
        ("mypy strict", [str(BIN / "mypy")]),
        ("import contracts", [str(BIN / "lint-imports"), "--config", "pyproject.toml"]),
        ("kill -9, on SQLite", [*quick, "tests/kill"]),
        ("kill -9, on PostgreSQL", [*quick, "--database", "postgresql", "tests/kill"]),
        ("tests on SQLite", [*quick, "--ignore=tests/kill", *more]),
        ("the same tests on PostgreSQL",
         [*quick, *([] if "--full" in own else [*DRAWN, "-m", f"not browser{length} and {BOTH}"]),
          "--ignore=tests/kill", "--database", "postgresql", *more]),
        *([(f"the whole drill of payments, on {name}",
            [*drill, "--database", name.lower(), "--report", f".drill-{name.lower()}.json"])
           for name in ("SQLite", "PostgreSQL")] if "--full" in own else []),
        *([("a real browser", [*browser, *seen, *more])] if chromium else []),
    ]
    if more:
        steps = [s for s in steps if "kill" not in s[0] and "drill" not in s[0]]
    steps = [s for s in steps if Path(s[1][0]).exists() or s[1][0] == python]
    failed = []
    with _scratch(environment):
        for _, group in groupby(steps, lambda step: "at once" if step[0] in AT_ONCE else step[0]):
            together = list(group)
            passed = _side_by_side(together, environment)
            failed += [name for (name, _), good in zip(together, passed, strict=True) if not good]
    if not chromium and os.environ.get("CI"):
        failed.append("browser tests (no Chromium on this machine)")
    verdict = f"FAILED: {', '.join(failed)}" if failed else "All passed."
    print(f"\n{time.monotonic() - began:.0f} s in all. {verdict}")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
