"""What all tests of this marketplace share: its folder, its own plugins, a site on an empty database."""

import sys
from pathlib import Path

import pytest
from marketwright.testing.site import open_site

FOLDER = Path(__file__).parent
sys.path[:0] = [str(folder) for folder in sorted(FOLDER.glob("plugins/*/"))]


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """This marketplace as marketplace.toml has it, at the stage `test`, on an empty database of its own."""
    with open_site(FOLDER, tmp_path_factory.mktemp("site")) as opened:
        yield opened
