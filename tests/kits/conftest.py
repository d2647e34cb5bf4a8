"""Runs the broken plugins once, and tells which test of which kit caught which of them."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@dataclass
class Caught:
    """By kit class name: every test that ran, and the broken class that each failed for."""

    ran: dict[str, set[str]] = field(default_factory=dict)
    failed: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # kit -> broken -> tests
    promised: dict[tuple[str, str], str] = field(default_factory=dict)
    rounds: dict[str, Counter[str]] = field(default_factory=dict)  # kit -> class -> tests, one for each parameter

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        kit, broken, test = self.names[report.nodeid]
        if report.when == "call" or report.failed:
            self.ran.setdefault(kit, set()).add(test)
        if report.failed:
            self.failed.setdefault(kit, {}).setdefault(broken, set()).add(test)

    names: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def pytest_configure(self, config: pytest.Config) -> None:
        """That a test failed is all that is asked: its long report would cost more than the test."""
        config.option.tbstyle = "native"

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(self, collector: pytest.Collector, name: str) -> list[pytest.Item] | None:
        """Of a broken plugin collect only the test that it names; of one that is not broken, all."""
        wanted = getattr(getattr(collector, "cls", None), "caught_by", name)
        return [] if name.startswith("test_") and name != wanted else None

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note what each item is of."""
        for item in items:
            cls = item.cls
            kit = next(c for c in cls.__mro__ if c.__name__.endswith("Conformance")).__name__
            self.names[item.nodeid] = (kit, cls.__name__, item.originalname)
            self.rounds.setdefault(kit, Counter())[cls.__name__] += 1
            self.promised[kit, cls.__name__] = getattr(cls, "caught_by", "")


@pytest.fixture(scope="session")
def caught(tmp_path_factory) -> Caught:
    found = Caught()
    files = [str(f) for f in sorted(HERE.glob("broken_*.py"))]
    pytest.main(
        [*files, "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "--import-mode=importlib",
         "-o", "python_files=broken_*.py", "-o", "addopts=", f"--rootdir={HERE}",
         f"--basetemp={tmp_path_factory.mktemp('inner')}", "--noconftest"],
        plugins=[found],
    )  # fmt: skip
    return found
