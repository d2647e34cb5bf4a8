"""The picture that a shared page shows elsewhere: the site's name and tagline in its brand, drawn once a language."""

import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1200, 630
TEXT_FONT = Path(__file__).parent / "static" / "fonts" / "inter-latin.woff2"
_EDGE, _ROOM = 88, 700  # where text begins; how wide it may be


def share_picture(name: str, line: str, host: str, *, colours: Mapping[str, str], heading: Path | None) -> bytes:
    """A PNG of 1200 by 630; ``colours`` are the brand's tokens by day, ``heading`` the file of its heading font."""
    inks = tuple(
        colours.get(token, instead)
        for token, instead in (
            ("inverse", "#10201a"), ("on-inverse", "#ffffff"), ("on-inverse-muted", "#b0c0b8"),
            ("inverse-accent", "#8fd0b5"), ("inverse-line", "#3a4d45"),
        )
    )  # fmt: skip
    return _drawn(name, line, host, inks, heading or TEXT_FONT)


@lru_cache(maxsize=16)
def _drawn(name: str, line: str, host: str, inks: tuple[str, ...], heading: Path) -> bytes:
    from PIL import Image, ImageDraw

    ground, text, muted, accent, faint = inks
    picture = Image.new("RGB", (WIDTH * 2, HEIGHT * 2), ground)
    _figure(ImageDraw.Draw(picture), accent, faint)
    picture = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((_EDGE, 96, _EDGE + 72, 104), fill=accent)
    title, small = _fitting(draw, name, heading), _font(TEXT_FONT, 34)
    draw.text((_EDGE, 150), name, font=title, fill=text)
    top = 150 + title.size * 1.35
    for row in _rows(draw, line, small)[:5]:
        draw.text((_EDGE, top), row, font=small, fill=muted)
        top += 48
    draw.text((_EDGE, HEIGHT - 110), host, font=_font(TEXT_FONT, 28, weight=600), fill=accent)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _figure(draw: "ImageDraw", accent: str, faint: str) -> None:
    """Rings that run out of the picture on the right, the inmost one full; at twice the size, for smooth edges."""
    x, y = WIDTH * 2 - 330, HEIGHT
    for radius in range(682, 240, -110):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=faint, width=4)
    draw.ellipse((x - 232, y - 232, x + 232, y + 232), outline=accent, width=10)
    draw.ellipse((x - 120, y - 120, x + 120, y + 120), fill=accent)


def _fitting(draw: "ImageDraw", name: str, heading: Path) -> "FreeTypeFont":
    """The heading font as large as the name lets it be."""
    return next(
        (font for size in range(120, 40, -8) if draw.textlength(name, font=(font := _font(heading, size, weight=700)))
         <= _ROOM), _font(heading, 40, weight=700),
    )  # fmt: skip


def _font(file: Path, size: int, *, weight: int = 400) -> "FreeTypeFont":
    from PIL import ImageFont

    font = ImageFont.truetype(str(file), size)
    try:
        axes = font.get_variation_axes()
    except OSError:  # a font of one weight
        return font
    font.set_variation_by_axes([_at(axis, weight) for axis in axes])
    return font


def _at(axis: Mapping[str, Any], weight: int) -> float:
    """Where a font stands on one of its axes: at ``weight`` as near as it goes, else where it begins."""
    near: float = min(max(weight, axis["minimum"]), axis["maximum"]) if axis["name"] == b"Weight" else axis["default"]
    return near


def _rows(draw: "ImageDraw", line: str, font: "FreeTypeFont") -> list[str]:
    rows = [""]
    for word in line.split():
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and draw.textlength(longer, font=font) > _ROOM:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows
