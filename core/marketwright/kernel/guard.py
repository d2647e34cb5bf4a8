"""Whether a unit of work is open in this context: while it is, no plugin may be called (P1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_open: ContextVar[int] = ContextVar("marketwright_open_units", default=0)


def unit_is_open() -> bool:
    """Whether this thread or task has a unit of work open."""
    return _open.get() > 0


@contextmanager
def inside_unit() -> Iterator[None]:
    """Mark a unit of work as open for the length of the block."""
    token = _open.set(_open.get() + 1)
    try:
        yield
    finally:
        _open.reset(token)
