"""Guards for every test: no network but loopback, no e-mail leaves, nobody waits."""

import gc
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", deadline=None, max_examples=60, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("house")
gc.disable()  # until all is collected: nothing of it is garbage

# Files that take longest, first: two processes that share a run end together.
LONG = (
    "tests/examples/test_published.py", "tests/security/test_routes.py", "tests/security/test_objects.py",
    "tests/kits/test_kits.py", "tests/backups/test_taking.py", "tests/rehearsal/test_rehearse.py",
    "tests/security/test_hostile_rows.py", "tests/examples/test_bake.py", "tests/backups/test_restoring.py",
    "tests/kill/test_drill.py", "tests/e2e/test_every_page_of_the_console.py", "tests/e2e/test_every_page.py",
    "tests/e2e/test_every_page_of_the_settings.py", "tests/e2e/test_the_one_path.py",
)  # fmt: skip
_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, all else as it is written."""
    places = {file: n for n, file in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(LONG)))


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass by what stands for the whole run: modules, tests and tables."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
    gc.enable()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            msg = f"a test tried to reach {address!r}"
            raise RuntimeError(msg)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)

