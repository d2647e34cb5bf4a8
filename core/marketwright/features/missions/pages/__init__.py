"""The pages of missions: the brief, the page that everybody reads, the owner's list, the client's page."""

from marketwright.features.missions.pages import client, deeds, mine, show, write  # noqa: F401  they register themselves
from marketwright.features.missions.pages.base import pages

__all__ = ["pages"]
