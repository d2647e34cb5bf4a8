"""``./check``: sets up the test environment and runs everything that must pass."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from environment import BIN, ROOT, ensure, surroundings

LAST_FAILED = "v/cache/lastfailed"  # in pytest's cache
NOTHING_COLLECTED = 5  # pytest's word when what was asked for holds no test of this step
WHOLE_DRILL = ("--kills", "1000", "--races", "200", "--webhooks", "20000", "--faults")
# What is drawn, baked or written from rows, whatever engine they came from: on PostgreSQL in --full alone.
DRAWN = [f"--ignore={folder}" for folder in (
    "tests/baking", "tests/content", "tests/docs", "tests/examples", "tests/kits", "tests/live",
    "tests/pages", "tests/security", "tests/theming", "tests/web", "themes",
)]  # fmt: skip
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def _chromium() -> str | None:
    given = os.environ.get("MARKETWRIGHT_CHROMIUM")
    return given or next((found for name in CHROMIUMS if (found := shutil.which(name))), None)


def _run(command: list[str], environment: dict[str, str]) -> int:
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    return 0 if code == NOTHING_COLLECTED else code


def _failed_modules(cache: Path) -> list[str]:
    """Files with a test that failed, whole: the tests of a deal go on where the one before stopped."""
    file = cache / LAST_FAILED
    failed = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return sorted({test.partition("::")[0] for test in failed})


def _is_path(argument: str) -> bool:
    return not argument.startswith("-") and (ROOT / argument.partition("::")[0]).exists()


def _step(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one step. Modules in which a test fails are run once more, alone: a busy machine is told from a fault."""
    print(f"\n── {name}", flush=True)
    began = time.monotonic()
    if "pytest" not in command:
        code = _run(command, environment)
    else:
        cache = ROOT / ".pytest_cache" / name.replace(" ", "-").replace(",", "")
        (cache / LAST_FAILED).unlink(missing_ok=True)
        command = [*command, "-o", f"cache_dir={cache}"]
        code = _run(command, environment)
        modules = _failed_modules(cache) if code else []
        if modules:
            print(f"   once more, one test at a time: {' '.join(modules)}", flush=True)
            code = _run([command[0], *(a for a in command[1:] if not _is_path(a)), "-n", "0", *modules], environment)
            print("   NOT STEADY: it failed among others and passed alone" if code == 0 else "", flush=True)
    print(f"   {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return code == 0


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
    tests = [python, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile"]
    quick, browser = [*tests, "-m", "not browser" + length], [*tests, "-m", "browser" + length]
    drill = [python, "-m", "marketwright", "drill", "money", *WHOLE_DRILL, "--database"]
    steps = [
        ("ruff", [str(BIN / "ruff"), "check", "."]),
        ("mypy strict", [str(BIN / "mypy")]),
        ("import contracts", [str(BIN / "lint-imports"), "--config", "pyproject.toml"]),
        ("tests on SQLite", [*quick, "--ignore=tests/kill", *more]),
        ("the same tests on PostgreSQL",
         [*quick, *([] if "--full" in own else DRAWN), "--ignore=tests/kill", "--database", "postgresql", *more]),
        ("kill -9, on SQLite", [*quick, "tests/kill"]),
        ("kill -9, on PostgreSQL", [*quick, "--database", "postgresql", "tests/kill"]),
        *([("the whole drill of payments, on SQLite", [*drill, "sqlite"]),
           ("the whole drill of payments, on PostgreSQL", [*drill, "postgresql"])] if "--full" in own else []),
        *([("a real browser", [*browser, *more])] if chromium else []),
    ]
    if more:
        steps = [s for s in steps if "kill" not in s[0] and "drill" not in s[0]]
    steps = [s for s in steps if Path(s[1][0]).exists() or s[1][0] == python]
    failed = [name for name, command in steps if not _step(name, command, environment)]
    if not chromium and os.environ.get("CI"):
        failed.append("browser tests (no Chromium on this machine)")
    verdict = f"FAILED: {', '.join(failed)}" if failed else "All passed."
    print(f"\n{time.monotonic() - began:.0f} s in all. {verdict}")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
