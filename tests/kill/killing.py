"""A process of a script that says where it stands and waits there, killed with -9."""

import importlib.util
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType


def script(name: str) -> ModuleType:
    """The script ``name`` of this folder, as a module: what a test builds as the script does."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kill_at(module: ModuleType, *arguments: object, stop: str) -> None:
    """Start the script with ``arguments`` and ``stop``, wait until it says that it stands there, and kill it."""
    child = subprocess.Popen(
        [sys.executable, str(module.__file__), *map(str, arguments), stop],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdin is not None
    try:
        said = child.stdout.readline().strip()
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdin.close()
        child.stdout.close()
    assert said == stop, f"{module.__name__} {arguments} never came to {stop}, it said {said!r}"
