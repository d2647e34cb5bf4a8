"""The brand of one marketplace: every token as it holds, layer over layer, and its plain values by day and by night.

Layers, the last wins: core's ``tokens.css``, parent themes, the theme, ``theme/tokens.json`` of the marketplace's
folder, the settings ``[look]`` (from the file or the console).
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Look
from marketwright.theming.colours import contrast
from marketwright.theming.theme import Theme, face, read_tokens
from marketwright.theming.values import NoPlainValue, Tokens, declarations

READ, SEEN = 4.5, 3.0  # least contrast of what is read, and of what is seen (WCAG 2.2 AA)
# (text or mark, what it stands on, least contrast)
PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "page", READ), ("text", "surface", READ), ("text", "sunken", READ), ("text", "hover", READ),
    ("text-muted", "page", READ), ("text-muted", "surface", READ), ("text-muted", "sunken", READ),
    ("on-accent", "accent", READ), ("on-accent", "accent-hover", READ),
    ("accent-text", "page", READ), ("accent-text", "surface", READ), ("accent-text", "accent-soft", READ),
    ("link", "page", READ), ("link", "surface", READ),
    ("on-inverse", "inverse", READ), ("on-inverse-muted", "inverse", READ), ("inverse-accent", "inverse", READ),
    ("success-text", "success-soft", READ), ("success-text", "surface", READ),
    ("warning-text", "warning-soft", READ), ("warning-text", "surface", READ),
    ("danger-text", "danger-soft", READ), ("danger-text", "surface", READ), ("on-danger", "danger-fill", READ),
    ("info-text", "info-soft", READ), ("info-text", "surface", READ),
    ("accent-mark", "surface", SEEN), ("accent-mark", "page", SEEN), ("control-line", "surface", SEEN),
    ("control-line", "page", SEEN), ("focus", "page", SEEN), ("focus", "surface", SEEN),
)  # fmt: skip
_DENSITY = {"normal": "1", "compact": ".86"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One contrast figure: ``least`` is what it must reach, by day and by night."""

    text: str
    ground: str
    least: float
    day: float
    night: float

    @property
    def holds(self) -> bool:
        """Whether it is reached, day and night."""
        return min(self.day, self.night) >= self.least


@dataclass(frozen=True)
class Brand:
    """Tokens as written, names without ``--mw-``; ``own`` are those that differ from core's."""

    core: Mapping[str, str]
    own: Mapping[str, str]
    faces: str = ""
    logo: str = ""  # the address of the logo and favicon that the console stored, '' for the theme's
    favicon: str = ""
    scheme: str = ""  # light or dark where the operator wants but one

    @cached_property
    def written(self) -> Mapping[str, str]:
        """Every token."""
        return {**self.core, **self.own}

    @cached_property
    def day(self) -> Mapping[str, str]:
        """The colours as ``#rrggbb``, by day (by night where only that is wanted)."""
        return dict(_plain(tuple(self.written.items()), night=self.scheme == "dark"))

    @cached_property
    def night(self) -> Mapping[str, str]:
        """The colours as ``#rrggbb``, by night (by day where only that is wanted)."""
        return dict(_plain(tuple(self.written.items()), night=self.scheme != "light"))

    def pairs(self) -> list[Pair]:
        """Every pair of text and ground with its contrast."""
        by_day, by_night = Tokens(self.written), Tokens(self.written, night=True)
        found = []
        for text, ground, least in PAIRS:
            day, night = (contrast(t.colour(text), t.colour(ground)) for t in (by_day, by_night))
            found.append(Pair(text, ground, least, day, night))
        return found

    @cached_property
    def css(self) -> str:
        """The stylesheet of the brand, and plain values for browsers that cannot compute colours."""
        own = "".join(f"  --mw-{name}: {value};\n" for name, value in sorted(self.own.items()))
        plain = [" ".join(f"--mw-{n}: {v};" for n, v in sorted(t.items())) for t in (self.day, self.night)]
        return (
            f"{self.faces}@layer brand {{\n:root {{\n{own}}}\n"
            f"@supports not (color: light-dark(black, white)) {{\n:root {{ {plain[0]} }}\n"
            f"@media (prefers-color-scheme: dark) {{ :root {{ {plain[1]} }} }}\n}}\n}}\n"
        )

    @cached_property
    def stamp(self) -> str:
        """A short word that changes with the stylesheet."""
        return sha256(self.css.encode()).hexdigest()[:10]

    @cached_property
    def plain_css(self) -> str:
        """All tokens with colours computed by day: for papers that are turned into PDF."""
        values = {**self.written, **self.day}
        lines = "".join(f"  --mw-{name}: {value};\n" for name, value in sorted(values.items()))
        return f"{self.faces}:root {{\n{lines}}}\n"


@lru_cache(maxsize=16)
def _plain(written: tuple[tuple[str, str], ...], *, night: bool) -> tuple[tuple[str, str], ...]:
    return tuple(_colours(Tokens(dict(written), night=night)))


def _colours(tokens: Tokens) -> Iterator[tuple[str, str]]:
    for name in tokens.written:
        try:
            yield name, tokens.colour(name).hex
        except NoPlainValue:
            continue


def make_brand(
    core_css: Path, themes: tuple[Theme, ...], own_tokens: Path, look: Look, fonts: Mapping[str, Theme]
) -> Brand:
    """The brand of a marketplace; raises ``BadSetting`` for an unknown token or font."""
    core = declarations(core_css.read_text("utf-8"))
    own: dict[str, str] = {}
    for theme in reversed(themes):
        own.update(theme.tokens)
    own.update(read_tokens(own_tokens, frozenset(core)))
    own.update(look_tokens(look))
    wearing = [*themes, *([fonts[look.font]] if look.font in fonts else [])]
    return Brand(
        core, own, faces="".join(dict.fromkeys(face(t) for t in wearing)),
        scheme="" if look.scheme == "auto" else look.scheme,
        logo=f"/files/{look.logo}" if look.logo else "", favicon=f"/files/{look.favicon}" if look.favicon else "",
    )  # fmt: skip


def look_tokens(look: Look) -> dict[str, str]:
    """The tokens that ``[look]`` says; what is left out stays as the theme has it."""
    found = {
        "brand": look.brand, "round": f"{look.round}px" if look.round is not None else "",
        "air": f"{look.air:g}" if look.air is not None else "", "density": _DENSITY.get(look.density, ""),
        "tint": f"{look.tint:g}" if look.tint is not None else "",
        "font-display": f'"{look.font}", var(--mw-font-text)' if look.font else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
