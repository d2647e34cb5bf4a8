"""Drawn portraits: deterministic, built from parts in tones of the brand, for people who gave no photo.

The drawing carries classes only (``pp-*`` in base.css), so it follows the theme by day and by night and needs no
inline style. It says nothing about a person: the seed decides, and screen readers are told to pass over it.
"""

from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import TypeVar

from markupsafe import Markup

from marketwright.kernel.frozen import dataclass

T = TypeVar("T")

_GROUNDS = ("pp-bg", "pp-bg pp-bg-2", "pp-bg pp-bg-3")
# skin and hair are chosen together: hair must stand out against skin, by day and by night
_TONES = (
    ("pp-d pp-d-2", "pp-a"),
    ("pp-d", "pp-a"),
    ("pp-d pp-d-3", "pp-a"),
    ("pp-d pp-d-2", "pp-a pp-a-2"),
    ("pp-d pp-d-3", "pp-a"),
    ("pp-d", "pp-a pp-a-3"),
)
_BODY = "M12 100c2-20 15-26 38-26s36 6 38 26z"


@dataclass(frozen=True, slots=True)
class _Hair:
    """What is seen behind the head and on it, as path data; ``scarf`` is drawn in cloth, not in hair."""

    back: str = ""
    front: str = ""
    scarf: bool = False


_SIDE_PART = "M31 42c-2-22 8-29 20-29 14 0 21 9 18 29-2-8-5-12-8-14-9 3-18 2-24-1-3 3-5 8-6 15z"
_SHORT = (
    _Hair(
        front="M32.5 42c-1.5-17 6-25 17.5-25s19 8 17.5 25c-1.5-6-2.5-9-4.5-11.5"
        "-4 1.5-9 2-13 2s-9-.5-13-2c-2 2.5-3 5.5-4.5 11.5z"
    ),
    _Hair(front=_SIDE_PART),
    _Hair(front="M33 34c3-13 9-17 17-17s14 4 17 17c-4-5-9-7-17-7s-13 2-17 7z"),
    _Hair(front="M32.6 46c-2-5-1.7-11 .8-16 .3 6 .2 11-.8 16zM67.4 46c2-5 1.7-11-.8-16-.3 6-.2 11 .8 16z"),
    _Hair(
        front="M32.5 41c-2.5-14 0-20 5.5-23 2-6 12-9 19-6 8 2 12 11 10.5 29"
        "-1.5-7-3-10-5.5-12.5-7 1-16 .5-23.5-1.5-3 3-4.5 7-6 14z"
    ),
    _Hair(
        front="M32 43c-4-3-4-10 0-13-1-6 3-11 8-10 2-6 10-8 14-4 6-2 11 2 11 7"
        " 5 2 6 9 3 13 1 3 0 6-1 7-1-6-3-10-6-12-7 2-17 2-23-1-3 3-5 7-6 13z"
    ),
    _Hair(front="M32 40c-1-15 6-22 18-22s19 7 18 22c-2-5-3-8-5-9.5-8 2-18 2-26 0-2 1.5-3 4.5-5 9.5z"),
)
_LONG = (
    _Hair(
        back="M24 50c-5-28 10-40 26-40s31 12 26 40c-1 9-7 13-10 12H34c-3 1-9-3-10-12z",
        front="M32 40c4-4 7-9 9-14 6 7 16 11 27 13-1-15-8-22-18-22s-18 8-18 23z",
    ),
    _Hair(
        back="M41 15a9 9 0 1 1 18 0 9 9 0 1 1-18 0z",
        front="M31 42c-1-20 7-27 19-27s20 7 19 27c-3-10-9-15-19-15s-16 5-19 15z",
    ),
    _Hair(
        back="M29 46c-4-26 8-34 21-34s25 8 21 34l3 26H26z",
        front="M33 40c2-14 10-17 17-17s15 3 17 17c-6-8-11-10-17-10-8 0-13 4-17 10z",
    ),
    _Hair(
        back="M30 44c-5-22 7-33 20-33s25 11 20 33c3 6 6 12 3 20 2 5 0 11-4 12H31c-4-1-6-7-4-12-3-8 0-14 3-20z",
        front="M50 23c-5 2-9 7-11 12-2 4-4 7-6.5 9-1-18 6-27 17.5-27s18.5 9 17.5 27c-2.5-2-4.5-5-6.5-9-2-5-6-10-11-12z",
    ),
    _Hair(
        back="M22 36a28 27 0 1 1 56 0c0 12-6 20-14 24H36c-8-4-14-12-14-24z",
        front="M33 38c0-11 7-16 17-16s17 5 17 16c-3-6-9-9-17-9s-14 3-17 9z",
    ),
    _Hair(back="M60 22c12 0 18 9 16 22-1 10-5 17-11 20 4-11 3-22-2-31z", front=_SIDE_PART),
    _Hair(front="M31.5 45c-2.5-21 6-31 19-31 12 0 20 8 18 29-2-6-4-9-6-11-4-1-8-3-11-6-4 5-10 9-15 10-2 2-3.5 5-5 9z"),
    _Hair(
        back="M26 48c-2-25 9-36 24-36s26 11 24 36c-1 13-5 22-8 30H34c-3-8-7-17-8-30z",
        front="M32 45c-1-19 6-26 18-26s19 7 18 26c-2-11-8-17-18-17s-16 6-18 17z",
        scarf=True,
    ),
)
_BEARDS = (
    (
        "M33.2 45c.3 13 4.3 20.5 16.8 20.5S66.5 58 66.8 45c-1.3 5-3.3 7.5-5.8 8.5"
        "-3.5-2.5-7-3-11-3s-7.5.5-11 3c-2.5-1-4.5-3.5-5.8-8.5z"
    ),
    "M42 58c1.5-3 4.5-4.5 8-4.5s6.5 1.5 8 4.5c-.5 5-3.5 7.5-8 7.5s-7.5-2.5-8-7.5z",
    "M42 55.5c2-3.5 5.5-4 8-2 2.5-2 6-1.5 8 2-2.5 1.5-5.5 1.5-8 .2-2.5 1.3-5.5 1.3-8-.2z",
)
_MOUTH = "M45.5 57c3 1.2 6 1.2 9 0-1.2 2.2-7.8 2.2-9 0z"
_GLASSES = (
    "M37 42h10v6H37zM53 42h10v6H53zM47 44h6",
    "M36.5 45a5 5 0 1 0 10 0 5 5 0 1 0-10 0zM53.5 45a5 5 0 1 0 10 0 5 5 0 1 0-10 0zM46.5 44.5h7",
)


def portrait_svg(seed: str, initials: str) -> str:
    """An SVG of 100 by 100 units for ``seed``: same seed, same face; without a seed, the initials.

    A seed may begin with ``long:`` or ``short:``, which says which hair is drawn; only ``short:`` may bear a beard.
    """
    if not seed:
        return _frame('<rect class="pp-bg" width="100" height="100"/>', _lettered(initials))
    style, _, rest = seed.partition(":")
    pick = _Picker(rest if style in ("long", "short") else seed)
    skin, hair_tone = pick.one(_TONES)
    choices = {"long": _LONG, "short": _SHORT}.get(style, _SHORT + _LONG)
    hair = pick.one(choices)
    bearded = style == "short" and pick.one((True, True, False, False, False))
    return _frame(
        f'<rect class="{pick.one(_GROUNDS)}" width="100" height="100"/>',
        _path("pp-b" if hair.scarf else hair_tone, hair.back),
        _clothes(pick.one(range(5)), skin),
        _path(skin, "M43 58h14v16c-4 4-10 4-14 0z"),
        f'<ellipse class="{skin}" cx="50" cy="43" rx="17" ry="20"/>',
        _beard(pick.one(_BEARDS), hair_tone, skin) if bearded else "",
        _path("pp-b" if hair.scarf else hair_tone, hair.front),
        _path("pp-line", pick.one(_GLASSES)) if pick.one((True, False, False)) else "",
    )


def portrait(seed: str, initials: str) -> Markup:
    """The same as :func:`portrait_svg`, ready for a template."""
    return Markup(portrait_svg(seed, initials))  # noqa: S704  # built from constants; initials are escaped


class _Picker:
    """Chooses by the bytes of a hash, one after another."""

    __slots__ = ("_bytes",)

    def __init__(self, seed: str) -> None:
        self._bytes = iter(sha256(seed.encode()).digest())

    def one(self, choices: Sequence[T]) -> T:
        return choices[next(self._bytes) % len(choices)]


def _frame(*parts: str) -> str:
    return f'<svg viewBox="0 0 100 100" aria-hidden="true" focusable="false">{"".join(parts)}</svg>'


def _path(css: str, data: str) -> str:
    return f'<path class="{css}" d="{data}"/>' if data else ""


def _lettered(initials: str) -> str:
    return f'<text class="pp-text" x="50" y="62" text-anchor="middle">{escape(initials[:3])}</text>'


def _beard(shape: str, hair_tone: str, skin: str) -> str:
    return _path(hair_tone, shape) + _path(skin, _MOUTH)


def _clothes(kind: int, skin: str) -> str:
    if kind == 0:  # jacket over a shirt
        return _path("pp-a", _BODY) + _path("pp-c", "m42 73 8 12 8-12 5 2-13 22-13-22z")
    if kind == 1:  # round neck
        return _path("pp-b", _BODY) + _path(skin, "M38 74c2 7 7 10 12 10s10-3 12-10z")
    if kind == 2:  # high collar
        return _path("pp-c", _BODY) + _path("pp-b", "M40 73h20l-2 7c-5 3-11 3-16 0z")
    if kind == 3:  # shirt, open collar
        return _path("pp-c", _BODY) + _path("pp-b", "m41 73 9 9 9-9 4 3-8 10-5-4-5 4-8-10z")
    hood = "M33 77c3 9 10 13 17 13s14-4 17-13l5 2c-3 11-12 17-22 17s-19-6-22-17z"
    return _path("pp-b", _BODY) + _path("pp-a", hood)
