"""Logos and favicons: what can only be looked at is kept, anything that acts or reaches out is refused."""

import io

import pytest
from PIL import Image

from marketwright.features.files.drawings import LARGEST, check_drawing
from marketwright.kernel.errors import InvalidInput

STAR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><title>Star</title><path d="M4 0l1 3h3"/></svg>'


def svg(inside="", attributes=""):
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"{attributes}>{inside}</svg>'.encode()


def png(side=8):
    out = io.BytesIO()
    Image.new("RGBA", (side, side // 2), "#0b5a43").save(out, "PNG")
    return out.getvalue()


def test_a_plain_svg_is_kept_with_its_shapes():
    kept = check_drawing(STAR.encode(), "../star.SVG")
    assert (kept.name, kept.media_type) == ("star.svg", "image/svg+xml")
    assert b'd="M4 0l1 3h3"' in kept.data


def test_what_a_drawing_program_notes_for_itself_is_left_out():
    noted = svg('<x:editor xmlns:x="http://editor.example" x:secret="path"/><path d="M0 0"/>')
    assert b"secret" not in check_drawing(noted, "a.svg").data


@pytest.mark.parametrize(
    "bad",
    [
        svg("<script>alert(1)</script>"), svg('<path onload="x()"/>'), svg(attributes=' onload="x()"'),
        svg("<foreignObject><p/></foreignObject>"), svg('<use href="https://evil.example/a.svg#b"/>'),
        svg('<image href="data:image/png;base64,AA"/>'), svg('<a href="javascript:x()"><path/></a>'),
        svg('<path style="fill:url(https://evil.example/x)"/>'), svg("<style>@import 'https://evil.example'</style>"),
        svg('<animate attributeName="href" to="javascript:x()"/>'), svg('<set attributeName="onload" to="x()"/>'),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("&a;"), b"<svg", b"<html></html>", b"", b"GIF89a", b"%PDF-1.7",
        svg('<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="file:///etc/passwd"/>'),
        svg("<path/>") + b" " * LARGEST, svg('<path style="fill:\\75rl(https://evil.example)"/>'),
        svg("<style>a{background:image-set('https://evil.example/x' 1x)}</style>"),
        svg('<g xml:base="https://evil.example/"/>'), svg("<style><path/>@import 'x'</style>"),
        '<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16"), svg("<g>" * 2_000 + "</g>" * 2_000),
        svg('<g id="a"><use href="#a"/></g>'),
        svg("".join(f'<g id="g{n}">' + f'<use href="#g{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
            + '<g id="g0"><path/></g>'),
    ],
)  # fmt: skip
def test_what_acts_or_reaches_out_is_refused_with_the_reason(bad):
    with pytest.raises(InvalidInput) as refused:
        check_drawing(bad, "logo.svg")
    assert list(refused.value.errors) == ["file"]


def test_a_large_picture_is_made_small():
    kept = check_drawing(png(4000), "logo.png")
    assert Image.open(io.BytesIO(kept.data)).size == (1024, 512)


def test_a_small_picture_is_drawn_anew_without_what_cameras_add():
    assert check_drawing(png(), "logo.png").media_type == "image/png"


@pytest.mark.parametrize("fill", ["url(#a)", "url('#a')", "url( #a )"])
def test_a_gradient_of_its_own_is_no_way_out(fill):
    assert check_drawing(svg(f'<path style="fill:{fill}"/>'), "a.svg").media_type == "image/svg+xml"
