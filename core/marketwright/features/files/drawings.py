"""Logos and favicons: a picture drawn anew, or an SVG that can do nothing but be looked at."""

import io
import re
from collections.abc import Iterator
from typing import cast
from xml.etree import ElementTree as ET

from PIL import Image

from marketwright.features.files.checks import Checked, check_picture
from marketwright.features.files.names import clean_name
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import Text, say

LARGEST = 512 * 1024  # bytes
SIDE = 1024  # pixels
_SVG = "http://www.w3.org/2000/svg"
_SHAPES = frozenset((
    "svg", "g", "defs", "symbol", "use", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline",
    "polygon", "text", "tspan", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "filter",
    "feGaussianBlur", "feOffset", "feBlend", "feColorMatrix", "feMerge", "feMergeNode", "feFlood", "feComposite",
    "marker", "style",
))  # fmt: skip
_DEEPEST, _MOST_DRAWN = 64, 20_000  # levels of elements; elements when every use is drawn out
_REACHES_OUT = re.compile(
    r"url\s*+\(\s*+['\"]?+(?!\s*#)|@import|(?:expression|image-set|src)\s*\(|javascript:|\\", re.IGNORECASE
)  # a backslash can spell any of the others


_TOO_MUCH = say("The SVG repeats or nests its elements too often. Draw it simpler, or send a PNG.")


def check_drawing(data: bytes, name: str) -> Checked:
    """A logo or favicon fit to be kept; raises ``InvalidInput`` under ``file`` that says what is wrong and the fix."""
    if not data:
        raise _refuse(say("The file is empty."))
    if len(data) > LARGEST:
        raise _refuse(say("The file is larger than %(n)s kB. Send a smaller one.", n=LARGEST // 1024))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return _svg(data, name)
    return _drawn(check_picture(data, name))


def _refuse(sentence: Text) -> InvalidInput:
    return InvalidInput({"file": [sentence]})


def _drawn(checked: Checked) -> Checked:
    with Image.open(io.BytesIO(checked.data)) as image:
        if max(image.size) <= SIDE:
            return checked
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        image.save(out, "PNG", optimize=True)
    return Checked(clean_name(checked.name, ("png",)), "image/png", out.getvalue())


def _svg(data: bytes, name: str) -> Checked:
    root = _root(data)
    if root.tag != f"{{{_SVG}}}svg":
        raise _refuse(say("This is no SVG: its first element is not svg."))
    for element in root.iter():
        _check_element(element)
    _check_drawn(root)
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return Checked(clean_name(name, ("svg",)), "image/svg+xml", ET.tostring(root, encoding="utf-8"))


def _root(data: bytes) -> ET.Element:
    try:
        lowered = data.decode("utf-8-sig").lower()  # in another encoding a document type could hide
    except UnicodeDecodeError as error:
        raise _refuse(say("The SVG is not in UTF-8. Export it again as plain SVG.")) from error
    if "\0" in lowered or "<!doctype" in lowered or "<!entity" in lowered:
        raise _refuse(say("The SVG declares a document type or entities. Export it again as plain SVG."))
    depth = 0
    root: ET.Element | None = None
    reader: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    try:
        reader.feed(data)
        reader.close()
    except ET.ParseError as error:
        raise _refuse(say("The SVG is damaged: line %(line)s.", line=error.position[0])) from error
    except LookupError as error:
        raise _refuse(say("The SVG is not in UTF-8. Export it again as plain SVG.")) from error
    for event, element in cast("Iterator[tuple[str, ET.Element]]", reader.read_events()):
        root = element if root is None else root
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise _refuse(_TOO_MUCH)
    if root is None:
        raise _refuse(say("This is no SVG: its first element is not svg."))
    return root


def _check_drawn(root: ET.Element) -> None:
    """Refuse what is small to send and endless to draw: elements that use each other."""
    named = {e.get("id", ""): e for e in root.iter()}
    drawn: dict[str, int] = {}

    def count(element: ET.Element, within: tuple[str, ...]) -> int:
        total = 0
        for part in element.iter():
            total += 1
            if not part.tag.endswith("}use"):
                continue
            for its in (v[1:] for k, v in part.attrib.items() if k.rpartition("}")[2] == "href"):
                if its in within or len(within) > _DEEPEST:
                    raise _refuse(_TOO_MUCH)
                if its in named and its not in drawn:
                    drawn[its] = count(named[its], (*within, its))
                total += drawn.get(its, 0)
            if total > _MOST_DRAWN:
                raise _refuse(_TOO_MUCH)
        return total

    count(root, ())


def _check_element(element: ET.Element) -> None:
    kind = str(element.tag).rpartition("}")[2]
    foreign = str(element.tag).startswith("{") and not str(element.tag).startswith(f"{{{_SVG}}}")
    if kind == "script":
        raise _refuse(say("The SVG holds a script. Remove it, or send a PNG."))
    if not foreign and kind not in _SHAPES:
        raise _refuse(say("The SVG holds an element “%(name)s” that a logo does not need. Remove it, or send a PNG.",
                          name=kind))  # fmt: skip
    if foreign:
        element.clear()  # what drawing programs note for themselves
        element.tag = f"{{{_SVG}}}desc"
        return
    for attribute, value in element.attrib.items():
        plain = attribute.rpartition("}")[2].lower()
        if plain.startswith("on"):
            raise _refuse(say("The SVG holds a script in “%(name)s”. Remove it, or send a PNG.", name=plain))
        if plain == "base" or (plain == "href" and not value.startswith("#")):
            raise _refuse(say("The SVG leads to another file or address. Embed nothing but shapes."))
        if _REACHES_OUT.search(value):
            raise _refuse(say("The SVG leads to another file or address. Embed nothing but shapes."))
    if kind == "style" and (len(element) or _REACHES_OUT.search(element.text or "")):
        raise _refuse(say("The SVG leads to another file or address. Embed nothing but shapes."))
