"""One brand colour, however awkward, gives colours that can be read; plain values are those that browsers compute."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from marketwright.dress import TOKENS_CSS, brand_of
from marketwright.features.notifications.paper import colours_of
from marketwright.kernel.errors import BadSetting
from marketwright.settings.marketplace import Look
from marketwright.theming.brand import PAIRS, make_brand
from marketwright.theming.colours import contrast, from_hex, from_oklch
from marketwright.theming.values import NoPlainValue, Tokens
from marketwright.web.sharing import share_picture

AWKWARD = (
    "#ffff00", "#ffffff", "#000000", "#00ffff", "#ff00ff", "#ff0000", "#00ff00", "#0000ff", "#808080", "#777777",
    "#f0f0f0", "#101010", "#ffa500", "#c0ffee", "#8b4513", "#007fff", "#ff69b4", "#123456", "#bada55", "#5f5f00",
)  # fmt: skip
GREY = tuple(f"#{g:02x}{g:02x}{g:02x}" for g in range(0, 256, 15))
HUES = tuple(from_oklch(light, 0.16, hue).hex for light in (0.3, 0.5, 0.7, 0.9) for hue in range(0, 360, 30))


def brand(tmp_path=Path("/nowhere"), **look):
    return make_brand(TOKENS_CSS, (), tmp_path / "tokens.json", Look(**look), {})


@pytest.mark.parametrize(
    ("colour", "tint"), [*((c, t) for c in AWKWARD for t in (0, 1, 2)), *((c, 1) for c in (*GREY, *HUES))]
)
def test_every_text_can_be_read_whatever_the_brand_colour_is(colour, tint):
    short = [(p.text, p.ground, round(p.day, 2), round(p.night, 2)) for p in brand(brand=colour, tint=tint).pairs()
             if not p.holds]  # fmt: skip
    assert short == []


def test_every_pair_is_made_of_tokens_that_core_declares():
    written = brand().written
    assert {name for text, ground, _ in PAIRS for name in (text, ground)} <= set(written)


def test_contrast_is_wcags_own():
    assert round(contrast(from_hex("#000000"), from_hex("#ffffff")), 6) == 21
    assert round(contrast(from_hex("#777777"), from_hex("#ffffff")), 2) == 4.48


@pytest.mark.parametrize("text", ["2f5d8a", "#12345", "blue", "#xyzxyz", ""])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(ValueError, match=r"colour|invalid literal"):
        from_hex(text)


def test_a_length_has_no_plain_value():
    with pytest.raises(NoPlainValue):
        Tokens({"round": "6px"}).colour("round")


def test_the_nearer_layer_wins_and_the_console_wins_over_all(tmp_path):
    (tmp_path / "tokens.json").write_text(json.dumps({"brand": "#112233", "round": "9px"}))
    made = brand(tmp_path, brand="#445566")
    assert (made.own["brand"], made.own["round"]) == ("#445566", "9px")


@pytest.mark.parametrize(
    ("text", "says"),
    [('{"brnad": "#123456"}', "no token 'brnad'"), ("{", "not valid JSON, line 1"), ('{"brand": 3}', "table of texts"),
     ('{"brand": "red; } body { x: y"}', "not a plain CSS value")],
)  # fmt: skip
def test_a_mistake_in_the_tokens_is_named(tmp_path, text, says):
    (tmp_path / "tokens.json").write_text(text)
    with pytest.raises(BadSetting, match=re.escape(says)):
        brand(tmp_path)


def test_letters_wear_the_brand(house):
    dressed = replace(house.marketplace, look=Look(brand="#a01020"))
    colours = colours_of(brand_of(dressed, ()))
    assert (colours.accent, colours.on_accent) == ("#a01020", "#ffffff")


@pytest.mark.settings(look=Look(brand="#a01020", scheme="dark"))
def test_pages_wear_the_look_of_the_settings(browse):
    page = browse().get("/")
    assert 'data-scheme="dark"' in page.text
    sheet = re.search(r'href="(/theme/tokens.css[^"]*)"', page.text).group(1)
    assert "--mw-brand: #a01020;" in browse().get(sheet).text


def test_another_look_has_another_address_so_that_no_browser_keeps_the_old(house, browse):
    from marketwright.app import create_app
    from marketwright.testing.browse import Browse

    other = create_app(replace(house.marketplace, look=Look(brand="#a01020")))
    addresses = [re.search(r"/theme/tokens.css[^\"]*", b.get("/").text).group(0) for b in (browse(), Browse(other))]
    other.extensions["marketwright"].database.dispose()
    assert len(set(addresses)) == 2


def test_a_shared_page_shows_a_picture_in_the_brand(browse):
    visitor = browse()
    address = re.search(r'property="og:image" content="https?://[^/]+(/[^"]+)"', visitor.get("/").text).group(1)
    answer = visitor.get(address)
    assert answer.mimetype == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (1200, 630)
    other = share_picture("A name", "", "example.org", colours={"inverse": "#ff0000"}, heading=None)
    assert Image.open(io.BytesIO(other)).getpixel((5, 5)) == (255, 0, 0)
    assert visitor.get("/theme/share-xx.png").status_code == 404
