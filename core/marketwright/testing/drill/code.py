"""Which code a drill is run with: what another code came to says nothing about this one."""

import platform
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

from marketwright.hooks.installed import installed

_MADE = (".pyc", ".pyo")  # by Python, from the others


def packages_of(plugins: Sequence[str]) -> list[str]:
    """Core's package, and those that bring ``plugins``."""
    points = installed()
    return ["marketwright", *(points[name].value for name in sorted(plugins) if name in points)]


def fingerprint(packages: Sequence[str], double: Sequence[str] = ()) -> str:
    """A digest of ``packages``, files that ``double`` names, and the versions of Python and all that is installed.

    Two are equal where a drill runs the same program, wherever it lies.
    """
    digest = sha256(platform.python_version().encode())
    for name, version in sorted({(d.name, d.version) for d in distributions()}):
        digest.update(f"{name} {version}\n".encode())
    for package in packages:
        for folder in _folders(package):
            for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix not in _MADE):
                digest.update(f"{package} {file.relative_to(folder).as_posix()}\n".encode())
                digest.update(file.read_bytes())
    for part in double[1:]:
        if (named := Path(part)).is_file():
            digest.update(named.read_bytes())
    return digest.hexdigest()


def _folders(package: str) -> Iterator[Path]:
    spec = find_spec(package)
    yield from map(Path, spec.submodule_search_locations or () if spec else ())
