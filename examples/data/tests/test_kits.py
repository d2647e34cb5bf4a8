"""The conformance kits on every plugin that marketplace.toml enables, with the settings that it gives them."""

from pathlib import Path

from marketwright.testing.enabled import kits_of

globals().update(kits_of(Path(__file__).parents[1]))
