"""One point of the list that is worked through before going live."""

from dataclasses import field
from enum import StrEnum

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text


class Verdict(StrEnum):
    """``unknown`` is what could not be asked from this machine: neither good nor bad."""

    GOOD = "good"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Point:
    """What was looked at, what was found, and the fix: words, a command to run, a page of the console."""

    name: str
    title: Text
    verdict: Verdict
    says: Text
    fix: Text | None = None
    command: str = ""
    href: str = ""
    details: tuple[Text, ...] = field(default=())


def good(name: str, title: Text, says: Text, details: tuple[Text, ...] = ()) -> Point:
    """A point that is done."""
    return Point(name, title, Verdict.GOOD, says, details=details)


def missing(
    name: str, title: Text, says: Text, fix: Text, *, command: str = "", href: str = "", details: tuple[Text, ...] = ()
) -> Point:  # fmt: skip
    """A point that is not done, with its fix."""
    return Point(name, title, Verdict.MISSING, says, fix, command, href, details)
