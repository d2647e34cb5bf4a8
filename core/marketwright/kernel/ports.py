"""Ports: what a lower room must ask of a higher one, as a Protocol; the composition root fills them."""

from typing import Any, TypeVar, cast

T = TypeVar("T")


class UnfilledPort(RuntimeError):
    """A room asked a port that the composition root has not filled."""


class Ports:
    """Implementations by their Protocol; asking one that is not filled raises :class:`UnfilledPort`."""

    def __init__(self) -> None:
        self._filled: dict[type[Any], Any] = {}

    def fill(self, port: type[T], implementation: T) -> None:
        """Answer ``port`` with ``implementation``; a second filling replaces the first (tests do)."""
        self._filled[port] = implementation

    def get(self, port: type[T]) -> T:
        """The implementation of ``port``."""
        try:
            return cast("T", self._filled[port])
        except KeyError:
            msg = f"nothing answers the port {port.__module__}.{port.__name__}; fill it in marketwright/app.py"
            raise UnfilledPort(msg) from None
