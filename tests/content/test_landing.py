"""The front page from blocks: order as written, mistakes named with file and line, the page of before still read."""

import pytest

from marketwright.app import build_house
from marketwright.features.content.blocks import TYPES, faults, made, plain_page, read_blocks
from marketwright.kernel.errors import BadSetting

HERO = '[[block]]\ntype = "hero"\ntitle = "Good {freelancer.other}"\n'
FAQ = '\n[[block]]\ntype = "questions"\n\n[[block.item]]\nask = "Why?"\nanswer = "Because."\n'
TEXT = '\n[[block]]\ntype = "text"\ntitle = "Ours"\ntext = "We are **here**."\nlabel = "Read on"\nhref = "/about"\n'
BEFORE = """
[hero]
title = "Before"
lead = "As it was."

[steps]
title = "Steps"

[[steps.item]]
title = "One"
text = "Begin."

[[questions]]
ask = "Why?"
answer = "Because."
"""


def test_blocks_stand_in_the_order_of_the_file(write, browse):
    write("en/landing.toml", HERO + FAQ + TEXT)
    page = browse().get("/").text
    assert page.index("Good freelancers") < page.index("Because.") < page.index("We are <strong>here</strong>")
    assert '<a class="btn" href="/about">Read on</a>' in page


def test_texts_of_the_operator_speak_the_sites_words(write, browse):
    write("en/landing.toml", HERO)
    assert "<title>Good freelancers" in browse().get("/").text


def test_a_marketplace_of_nobody_counts_nothing(write, browse):
    write("en/landing.toml", HERO + '\n[[block]]\ntype = "figures"\n')
    page = browse().get("/").text
    assert "Good freelancers" in page
    assert ("freelancers listed" in page, "contracts signed here" in page) == (False, False)


@pytest.mark.parametrize(("text", "place"), [
    (HERO + '\n[[block]]\ntype = "herro"\n', "line 6: block.1.type"),
    (HERO + 'titel = "x"\n', "line 4: block.0.titel"),
    (HERO + FAQ + 'anser = "x"\n', "line 11: block.1.item.0.anser"),
    (HERO + TEXT.replace('"/about"', '"javascript:alert(1)"'), "line 10: block.1.href"),
    ('[[block]]\ntype = "figures"\n', "line 2: block.0.type"),
    (HERO + HERO, "line 5: block.1.type"),
    (HERO + '\n[[block]]\ntype = "people"\ncount = 99\n', "line 7: block.1.count"),
    ('title = "x"\n' + HERO, "line 1: title"),
    (BEFORE.replace('ask = "Why?"', 'question = "Why?"'), "line 13: questions."),
    (BEFORE + '\n[band]\ntitle = "x"\n', "line 17: band"),
])  # fmt: skip
def test_what_is_unknown_is_named_with_file_and_line(write, text, place):
    file = write("en/landing.toml", text)
    with pytest.raises(BadSetting) as refused:
        read_blocks(file)
    assert f"landing.toml, {place}" in str(refused.value)


def test_a_mistake_stops_the_start_and_no_visitor(write, marketplace):
    write("fr/landing.toml", "[[block]\n")
    with pytest.raises(BadSetting, match="not valid TOML"):
        build_house(marketplace)


def test_a_page_of_before_is_read_as_the_blocks_it_meant(write, browse):
    blocks = read_blocks(write("en/landing.toml", BEFORE))
    assert " ".join(b["type"] for b in blocks) == "hero figures steps people missions fees questions start"
    page = browse().get("/").text
    assert page.index("Before") < page.index("Begin.") < page.index("Because.")


def test_a_site_without_a_file_has_a_front_page(browse):
    page = browse().get("/").text
    assert "<h1" in page
    assert "Testing" in page


def test_the_other_language_shows_the_first_until_it_has_its_own(write, browse):
    write("en/landing.toml", HERO)
    assert "Good freelances" in browse().get("/fr").text
    write("fr/landing.toml", HERO.replace("Good", "De bons"))
    assert "De bons freelances" in browse().get("/fr").text


def test_every_block_draws_in_both_languages(write, browse):
    rest = "".join(f'\n[[block]]\ntype = "{t}"\n' for t in ("figures", "people", "missions", "fees", "start"))
    more = FAQ + FAQ.replace("questions", "steps").replace("ask", "title").replace("answer", "text")
    more += FAQ.replace("questions", "trust").replace("ask", "title").replace("answer", "text")
    more += FAQ.replace("questions", "logos").replace('ask = "Why?"', 'name = "Acme"').replace(
        'answer = "Because."', 'file = "logos/acme.svg"')  # fmt: skip
    write("en/landing.toml", HERO + rest + more + TEXT)
    assert {b["type"] for b in read_blocks(write("en/landing.toml", HERO + rest + more + TEXT))} == set(TYPES)
    for path in ("/", "/fr"):
        page = browse().get(path).text
        assert 'alt="Acme"' in page
        assert page.count("<h1") == 1


def test_the_plain_page_has_no_fault():
    assert faults(plain_page("Testing", "")) == {}
    assert next(b.type for b in made(plain_page("Testing", ""))) == "hero"


def test_a_page_of_the_operators_own_has_an_address_and_a_description(write, browse):
    write("en/charter.md", "# Our charter\n\nWe **mean** [it](/about), all of us.\n")
    page = browse().get("/pages/charter").text
    assert "<h1>Our charter</h1>" in page
    assert 'content="We mean it, all of us."' in page
    assert "http://localhost/pages/charter" in browse().get("/sitemap-pages-1.xml").text


@pytest.mark.parametrize("name", ["nothing", "..%2Fmarketplace", "about"])
def test_there_is_no_other_page(write, browse, name):
    write("en/about.md", "# About\n")
    assert browse().get(f"/pages/{name}").status_code == 404
