"""What a plugin says of itself: the value ``manifest`` of its module."""

from dataclasses import dataclass, field

from marshmallow import Schema


class NoSettings(Schema):
    """The settings of a plugin that has none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``name`` is the entry point's name; ``settings`` a marshmallow schema for ``[plugin.<name>]``.

    ``reads`` lists the rows that its desk may query (``profiles``, ``missions``, ``contracts``), ``acts`` the actions
    it may take, ``hosts`` the hosts it may call, ``secrets`` the environment variables it needs. ``niche`` marks a
    niche pack: it is offered when a marketplace is baked.
    """

    name: str
    summary: str
    version: str = "0.1.0"
    settings: type[Schema] = NoSettings
    reads: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    requires: tuple[str, ...] = field(default_factory=tuple)
    niche: bool = False
