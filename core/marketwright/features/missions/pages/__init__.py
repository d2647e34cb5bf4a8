"""The pages of missions: the brief, the page that everybody reads, the owner's list, the client's page."""

from marketwright.features.missions.pages import (  # noqa: F401  they register themselves
    client,
    deeds,
    mine,
    sealed,
    show,
    write,
)
from marketwright.features.missions.pages.base import pages

__all__ = ["pages"]
