"""What themes rely on is a list under test: a block, slot, token or field of a page goes on purpose or not at all."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HELD = Path(__file__).with_name("themes.txt")
NO_VALUES = {"accounts/invitation_spent.html"}  # pages that say one thing and are given nothing


@pytest.fixture(scope="module")
def reference():
    sys.path.insert(0, str(ROOT / "scripts"))
    import theme_reference

    yield theme_reference
    sys.path.remove(str(ROOT / "scripts"))


def test_no_block_slot_token_or_field_that_was_promised_is_gone(reference):
    gone = set(HELD.read_text("utf-8").splitlines()) - set(reference.promise().splitlines())
    assert not gone, (
        f"Themes may rely on: {', '.join(sorted(gone)[:10])}. If it must go: take its line out of themes.txt, and say "
        "so in CHANGELOG.md."
    )


def test_the_list_holds_each_kind_of_promise():
    kinds = {line.partition(" ")[0] for line in HELD.read_text("utf-8").splitlines()}
    assert kinds == {"block", "slot", "required", "token", "field"}


def test_every_whole_page_is_given_a_context_dataclass(reference):
    parts = {n for n in reference.own_blocks() if n.rpartition("/")[2].startswith("_")}
    frames = ("layout.html", "layout_console.html", "layout_plain.html", "paper.html")
    whole = {n for n, above in reference.parents().items() if above in frames}
    assert whole - parts - set(reference.contexts()) - NO_VALUES == set()


def test_a_page_takes_no_dict(app):
    from marketwright.web.render import render

    with app.test_request_context("/"):
        app.preprocess_request()
        with pytest.raises(TypeError, match="a context dataclass, not dict"):
            render("content/text.html", {"page": None})
