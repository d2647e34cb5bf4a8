"""A marketplace with templates of its own above core's."""

from dataclasses import replace

import pytest

from marketwright.app import build_house, create_app


@pytest.fixture
def themed(marketplace):
    """``themed({"about.html": "…"})`` is an application whose marketplace folder holds these templates."""
    opened = []

    def make(files, *, plugins=(), modules=None):
        folder = marketplace.folder / "theme" / "templates"
        for path, text in files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        house = build_house(replace(marketplace, plugins=tuple(plugins)), modules)
        opened.append(house)
        app = create_app(house.marketplace, house)
        app.testing = True
        app.config["RATELIMIT_ENABLED"] = False
        return app

    yield make
    for house in opened:
        house.database.dispose()
