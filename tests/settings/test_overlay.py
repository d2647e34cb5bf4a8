"""The file, what the console saved over it, and the environment make one marketplace; each key knows its origin."""

import pytest

from marketwright.app import build_house
from marketwright.kernel.errors import BadSetting
from marketwright.settings.loader import load_marketplace
from marketwright.settings.overlay import Origin, in_force, origin, overlaid, why_fixed

FILE = """
locked = ["deal.*"]
plugins = []

[marketplace]
name = "Testing"
slug = "testing"
tagline = { en = "Hello", fr = "Bonjour" }

[legal]
name = "Testing SAS"
"""


@pytest.fixture
def made(tmp_path):
    (tmp_path / "marketplace.toml").write_text(FILE)
    return load_marketplace(tmp_path, {"MARKETWRIGHT_BASE_URL": "https://experts.example"})


def test_the_overlay_wins_over_the_file_and_the_rest_stays(made):
    found = overlaid(made, {"marketplace.name": "Lighthouse", "marketplace.tagline.en": "Hi"}, {})
    assert (found.name, found.tagline, found.legal.name) == ("Lighthouse", {"en": "Hi", "fr": "Bonjour"}, "Testing SAS")


def test_the_environment_wins_over_both(made):
    assert overlaid(made, {"marketplace.base_url": "https://no.example"}, {}).base_url == "https://experts.example"


def test_what_is_locked_by_now_keeps_the_value_of_the_file(made):
    assert overlaid(made, {"deal.proposal_days": 3}, {}).deal.proposal_days == 14


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("deal.proposal_days", "locked"), ("deal", "locked"), ("marketplace.base_url", "environment"),
        ("marketplace.slug", "fixed"), ("mail.smtp", "fixed"), ("marketplace.colour", "unknown"), ("colour", "unknown"),
        ("marketplace.name", ""), ("gates.propose", ""), ("plugin.commission.rules", ""), ("plugins", ""),
        ("marketplace.tagline.fr", ""), ("locked", "fixed"), ("marketplace", "environment"),
    ],
)  # fmt: skip
def test_why_a_key_cannot_be_changed(made, key, why):
    assert why_fixed(made, key) == why


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("marketplace.name", Origin.CONSOLE), ("marketplace.slug", Origin.FILE),
        ("marketplace.country", Origin.DEFAULT),
        ("marketplace.base_url", Origin.ENVIRONMENT), ("marketplace.tagline.en", Origin.FILE),
    ],
)  # fmt: skip
def test_each_key_knows_where_it_comes_from(made, key, where):
    assert origin(overlaid(made, {"marketplace.name": "Lighthouse"}, {}), key) is where


def test_every_key_of_the_schema_has_a_value_in_force(made):
    found = in_force(overlaid(made, {"marketplace.name": "Lighthouse"}, {}))
    assert (found["marketplace.name"], found["deal.proposal_days"], found["marketplace.tagline.fr"]) == (
        "Lighthouse", 14, "Bonjour",
    )  # fmt: skip


def test_a_wrong_value_of_the_console_names_its_key_and_that_the_console_said_it(made):
    with pytest.raises(BadSetting, match=r"the console's settings: marketplace.name") as caught:
        overlaid(made, {"marketplace.name": ""}, {})
    assert list(caught.value.errors) == ["marketplace.name"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[marketplace]\nname = "T"\nslug = "t t"\n', "marketplace.slug (line 3)"),
        ('[marketplace]\nname = "T"\nslug = "tt"\n\n[deal]\ncolour = 3\n', "deal.colour (line 6)"),
        ('[marketplace]\nname = "T"\n', "marketplace.slug (line 1)"),
        (FILE + 'iban = "FR7699999000010000001234538"\n', "legal.iban (line 12)"),
        (FILE + 'bic = "DEMOFR"\n', "legal.bic (line 12)"),
        ('[marketplace]\nname = "T"\nslug = tt\n', "marketplace.slug (line 3)"),
        ('plugins = [\n  "a"\n  "b"\n]\n', "plugins (line 3)"),
    ],
)
def test_a_mistake_in_the_file_names_its_line_and_key(tmp_path, text, where):
    (tmp_path / "marketplace.toml").write_text(text)
    with pytest.raises(BadSetting) as caught:
        load_marketplace(tmp_path, {})
    assert str(caught.value).startswith(f"{tmp_path}/marketplace.toml: {where}: ")


def test_a_mistake_in_a_plugins_settings_names_its_line(tmp_path):
    (tmp_path / "marketplace.toml").write_text(
        'plugins = ["commission"]\n[marketplace]\nname = "T"\nslug = "tt"\n'
        '[[plugin.commission.rules]]\nname = "a"\nside = "client"\nbps = 600\n'
        '[[plugin.commission.rules]]\nname = "b"\nside = "client"\nbps = -1\n'
    )
    with pytest.raises(BadSetting, match=r"plugin\.commission\.rules\.1\.bps \(line 12\): A rate"):
        build_house(load_marketplace(tmp_path, {}))
