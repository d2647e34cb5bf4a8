"""Computing token values: the part of CSS that tokens are written in, so that plain values are those of the page.

Knows ``var()``, ``light-dark()``, ``oklch()`` and ``color(… xyz-d65 …)`` with and without ``from``, ``color-mix(in
oklab, …)``, ``calc()``, ``min()``, ``max()``, ``clamp()``, numbers, hex and a few named colours.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from marketwright.kernel.frozen import dataclass
from marketwright.theming.colours import Colour, from_hex, from_oklch, from_xyz, mix

_WORD = re.compile(r"\s*(#[0-9a-fA-F]{3,8}|-?\d*\.?\d+%?|--[a-z0-9-]+|[a-zA-Z][a-zA-Z0-9-]*|[-+*/(),])")
_DECLARATION = re.compile(r"--mw-([a-z0-9-]+)\s*:\s*([^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAMED = {"white": "#ffffff", "black": "#000000"}
_SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


class NoPlainValue(ValueError):
    """The value is no colour or number, or uses CSS that is not computed here (a length, a font)."""


def declarations(css: str) -> dict[str, str]:
    """Every ``--mw-`` declaration of a stylesheet by its name without the prefix, the last winning."""
    return {name: value.strip() for name, value in _DECLARATION.findall(_COMMENT.sub("", css))}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token values as written (names without ``--mw-``), computed by day or by ``night``."""

    written: Mapping[str, str]
    night: bool = False

    def colour(self, name: str) -> Colour:
        """The computed colour of a token; :class:`NoPlainValue` when it is none."""
        found = self.value(name)
        if not isinstance(found, Colour):
            raise NoPlainValue(name)
        return found

    def value(self, name: str) -> "Colour | float":
        """The computed colour or number of a token."""
        if name not in self.written:
            raise NoPlainValue(name)
        return self.compute(self.written[name], {})

    def compute(self, text: str, channels: Mapping[str, float]) -> "Colour | float":
        """Compute a value; ``channels`` are those of the colour that ``from`` names."""
        return _Reader(self, text, channels).whole()


class _Reader:
    def __init__(self, tokens: Tokens, text: str, channels: Mapping[str, float]) -> None:
        self.tokens, self.channels = tokens, channels
        self.words = list(_words(text))
        self.at = 0

    def whole(self) -> Colour | float:
        found: Colour | float = self._term()
        if self.at != len(self.words):
            raise NoPlainValue(" ".join(self.words))
        return found

    def _peek(self) -> str:
        return self.words[self.at] if self.at < len(self.words) else ""

    def _next(self, wanted: str = "") -> str:
        word = self._peek()
        if not word or (wanted and word != wanted):
            raise NoPlainValue(" ".join(self.words))
        self.at += 1
        return word

    def _sum(self) -> Any:
        """A sum of products: what stands inside calc(), min(), max() and clamp()."""
        found = self._product()
        while self._peek() in ("+", "-"):
            found = _SIGNS[self._next()](found, self._product())
        return found

    def _product(self) -> Any:
        found = self._term()
        while self._peek() in ("*", "/"):
            found = _SIGNS[self._next()](found, self._term())
        return found

    def _term(self) -> Any:
        word = self._next()
        if word == "(":
            found = self._sum()
            self._next(")")
            return found
        if word == "-":
            return -self._term()
        if self._peek() == "(" and word[0].isalpha():
            return self._call(word)
        return self._plain(word)

    def _plain(self, word: str) -> Colour | float:
        if word.startswith("#"):
            return from_hex(word)
        if word in _NAMED:
            return from_hex(_NAMED[word])
        if word in self.channels:
            return self.channels[word]
        try:
            return float(word[:-1]) / 100 if word.endswith("%") else float(word)
        except ValueError:
            raise NoPlainValue(word) from None

    def _call(self, name: str) -> Any:
        self._next("(")
        if name == "var":
            # a token is computed where it is used: --mw-fill-k reads the y of the colour that asks for it
            written = self.tokens.written.get(self._next().removeprefix("--mw-"))
            self._next(")")
            if written is None:
                raise NoPlainValue(name)
            return self.tokens.compute(written, self.channels)
        if name in ("oklch", "color"):
            return self._colour(name)
        if name == "color-mix":
            return self._mixed()
        arguments = [self._sum()]
        while self._peek() == ",":
            self._next()
            arguments.append(self._sum())
        self._next(")")
        return self._function(name, arguments)

    def _function(self, name: str, arguments: list[Any]) -> Any:
        match name, arguments:
            case "calc", [one]:
                return one
            case "light-dark", [day, night]:
                return night if self.tokens.night else day
            case "clamp", [least, wanted, most]:
                return max(least, min(wanted, most))
            case "min", _:
                return min(arguments)
            case "max", _:
                return max(arguments)
        raise NoPlainValue(name)

    def _colour(self, name: str) -> Colour:
        outside = self.channels
        if self._peek() == "from":
            self._next()
            self.channels = _channels(self._term())
        if name == "color":
            self._next("xyz-d65")
        a, b, c = (self._term() for _ in range(3))
        alpha = 1.0
        if self._peek() == "/":
            self._next()
            alpha = self._term()
        self._next(")")
        self.channels = outside
        return from_oklch(a, b, c, alpha) if name == "oklch" else from_xyz((a, b, c), alpha)

    def _mixed(self) -> Colour:
        for word in ("in", "oklab", ","):
            self._next(word)
        first = self._term()
        share = self._term() if self._peek() != "," else 0.5
        self._next(",")
        second = self._term()
        self._next(")")
        if not isinstance(first, Colour) or not isinstance(second, Colour):
            raise NoPlainValue("color-mix")
        return mix(first, share, second)


def _channels(base: Any) -> Mapping[str, float]:
    if not isinstance(base, Colour):
        raise NoPlainValue("from")
    (light, chroma, hue), (x, y, z) = base.oklch, base.xyz
    return {"l": light, "c": chroma, "h": hue, "x": x, "y": y, "z": z}


def _words(text: str) -> Iterator[str]:
    at = 0
    text = text.strip()
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            raise NoPlainValue(text)
        yield found.group(1)
        at = found.end()
