"""Drawn portraits: the same person looks the same, people differ, and the policy on style is kept."""

from xml.etree import ElementTree as ET

import pytest

from marketwright.web.portraits import portrait, portrait_svg

SEEDS = [f"person-{n}" for n in range(200)]


def test_the_same_seed_draws_the_same_face() -> None:
    assert portrait_svg("ines", "IB") == portrait_svg("ines", "IB")


def test_two_hundred_people_have_at_least_a_hundred_and_fifty_faces() -> None:
    assert len({portrait_svg(seed, "XX") for seed in SEEDS}) >= 150


@pytest.mark.parametrize("seed", ["", "ines", "long:ines", "short:ines", "a:b", "<&>"])
def test_every_portrait_is_well_formed_and_hidden_from_screen_readers(seed: str) -> None:
    root = ET.fromstring(portrait_svg(seed, "IB"))
    assert root.get("aria-hidden") == "true"


def test_no_portrait_carries_inline_style_or_a_colour_of_its_own() -> None:
    drawn = "".join(portrait_svg(seed, "XX") for seed in SEEDS)
    assert not any(attribute in drawn for attribute in (" style=", " fill=", " stroke="))


def test_long_hair_never_bears_a_beard() -> None:
    beard_mouth = "M45.5 57c3"
    assert not any(beard_mouth in portrait_svg(f"long:{seed}", "XX") for seed in SEEDS)


def test_short_hair_sometimes_bears_a_beard() -> None:
    bearded = [seed for seed in SEEDS if "M45.5 57c3" in portrait_svg(f"short:{seed}", "XX")]
    assert 40 <= len(bearded) <= 120


def test_without_a_seed_the_initials_stand_in() -> None:
    assert ">IB</text>" in portrait_svg("", "IB")


def test_initials_are_escaped() -> None:
    assert "<b>" not in portrait("", "<b>")
