"""The pages of proposals: making one, its rounds, my own, and several side by side."""

from marketwright.features.proposals.pages import lists, making, show
from marketwright.features.proposals.pages.base import pages

__all__ = ["lists", "making", "pages", "show"]
