"""``./demo``: sets up, seeds and serves an example marketplace, with its worker, on 127.0.0.1."""

from __future__ import annotations

import argparse
import errno
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from environment import ROOT, ensure, fail, surroundings


def _arguments() -> argparse.Namespace:
    examples = sorted(p.parent.name for p in (ROOT / "examples").glob("*/marketplace.toml"))
    parser = argparse.ArgumentParser(prog="./demo", description="Start a seeded demo marketplace.")
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default 8000)")
    parser.add_argument("--example", default="cybersecurity", choices=examples, help="which example to run")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and seed again")
    parser.add_argument("--setup-only", action="store_true", help="install, leave .venv/bin/marketwright ready, stop")
    chosen = parser.parse_args()
    if not 1 <= chosen.port <= 65535:
        fail(f"--port {chosen.port}: a port is a number from 1 to 65535, for example 8000.")
    return chosen


def _refuse_taken(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                fail(f"Port {port} cannot be listened on: {error.strerror}. Choose a higher one: ./demo --port 8001")
            fail(f"Port {port} is in use. Choose another one: ./demo --port {8000 if port > 65000 else port + 1}")


def main() -> None:
    """Do what the options say."""
    began = time.monotonic()
    chosen = _arguments()
    if not chosen.setup_only:
        _refuse_taken(chosen.port)
    bin_folder = ensure()
    if chosen.setup_only:
        print(f"Ready: {bin_folder.relative_to(ROOT)}/marketwright --help")
        return
    folder = ROOT / "examples" / chosen.example
    data = folder / "var"
    if chosen.reset and data.exists():
        shutil.rmtree(data)
    program = [str(bin_folder / "marketwright"), "--folder", str(folder)]
    environment = {**surroundings(), "MARKETWRIGHT_BASE_URL": f"http://127.0.0.1:{chosen.port}"}
    fresh = not (data / "seeded").exists()
    if fresh:
        if data.exists():
            shutil.rmtree(data)
        try:
            data.mkdir(parents=True)
        except OSError as error:
            fail(f"Cannot write to {folder}: {error.strerror}.")
        for step, what in (("db upgrade", "making the database"), ("seed", "bringing people, missions and deals")):
            print(f"  {what} …", flush=True)
            if subprocess.run([*program, *step.split()], env=environment, check=False).returncode:
                fail(f"The demo could not be set up; the step that failed: marketwright {step}")
        Path(data / "seeded").write_text("yes\n")
    print(f"  ready after {time.monotonic() - began:.0f} s\n", flush=True)
    who = [*program, "seed", "--personas"]
    if not fresh and subprocess.run(who, env=environment, check=False, stderr=subprocess.DEVNULL).returncode:
        print("  bringing the database to the schema of this version …", flush=True)
        if subprocess.run([*program, "db", "upgrade"], env=environment, check=False).returncode:
            fail("The demo's database is not one of this version. Begin anew: ./demo --reset")
        subprocess.run(who, env=environment, check=False)
    print(f"\n  Open  http://127.0.0.1:{chosen.port}/   (stop with Ctrl-C)\n", flush=True)
    command = [*program, "run", "--with-worker", "--port", str(chosen.port)]
    if os.name == "nt":
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    os.execve(command[0], command, environment)  # noqa: S606


if __name__ == "__main__":
    main()
