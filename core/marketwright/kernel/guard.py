"""Whether a unit of work is open in this context: while it is, no plugin may be called (P1)."""

from contextvars import ContextVar

_open: ContextVar[int] = ContextVar("marketwright_open_units", default=0)


def unit_is_open() -> bool:
    """Whether this thread or task has a unit of work open."""
    return _open.get() > 0


class inside_unit:  # noqa: N801  read as the function that it stands for
    """Mark a unit of work as open for the length of the block."""

    __slots__ = ("_token",)

    def __enter__(self) -> None:
        self._token = _open.set(_open.get() + 1)

    def __exit__(self, *_: object) -> None:
        _open.reset(self._token)
