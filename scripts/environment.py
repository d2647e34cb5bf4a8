"""Makes the project's virtual environment: with uv where it is there, else venv and pip. Standard library only."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")


def fail(message: str) -> None:
    """Say one line and stop."""
    print(message, file=sys.stderr)
    raise SystemExit(1)


def surroundings() -> dict[str, str]:
    """The environment for what is started: compiled modules are kept, without them each start takes thrice as long."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def _stamp(extras: str) -> str:
    return hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + extras.encode()).hexdigest()


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print("\n".join(done.stdout.strip().splitlines()[-15:]), file=sys.stderr)
        fail(f"Could not {what}. Is the package index reachable, and is the folder writable? "
             "Or install uv (https://docs.astral.sh/uv/) and try again.")  # fmt: skip


def _uv_by_pip() -> str | None:
    """A uv that pip puts into the environment: it fetches many packages at once, where pip takes them in turn."""
    pip = [str(BIN / "python"), "-m", "pip"]
    index = subprocess.run([*pip, "config", "get", "global.index-url"], check=False, capture_output=True, text=True)
    if index.returncode == 0:  # an index of one's own is pip's to reach: it knows how
        return None
    done = subprocess.run([*pip, "install", "--quiet", "--disable-pip-version-check", "uv"], check=False,
                          capture_output=True)  # fmt: skip
    return str(BIN / "uv") if done.returncode == 0 else None


def ensure(extras: str = "") -> Path:
    """The environment's bin folder; installs the project with ``extras`` (as ``dev``) unless that was done before."""
    mark = VENV / f".installed-{extras or 'base'}"
    if mark.is_file() and mark.read_text() == _stamp(extras) and (BIN / "marketwright").exists():
        return BIN
    if not os.access(ROOT, os.W_OK):
        fail(f"The folder {ROOT} is read-only; copy the project to a folder that you may write to.")
    target = f".[{extras}]" if extras else "."
    uv = shutil.which("uv")
    if not (BIN / "python").exists():
        print("  making the environment .venv …", flush=True)
        if uv:
            _run([uv, "venv", "--python", sys.executable, str(VENV)], "make a virtual environment")
        else:
            try:
                import ensurepip  # noqa: F401
                import venv  # noqa: F401
            except ImportError:
                fail("This Python has no venv module. On Debian: apt install python3-venv; or install uv.")
            _run([sys.executable, "-m", "venv", str(VENV)], "make a virtual environment")
    print("  installing what marketwright needs (the first time takes a minute) …", flush=True)
    by_uv = ["pip", "install", "--quiet", "--python", str(BIN / "python"), "-e", target]
    brought = _uv_by_pip() if extras and not uv else None
    if uv:
        _run([uv, *by_uv], "install marketwright")
    elif not brought or subprocess.run([brought, *by_uv], cwd=ROOT, check=False, capture_output=True).returncode:
        _run([str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", target],
             "install marketwright")  # fmt: skip
    mark.write_text(_stamp(extras))
    return BIN
