"""The pages of services: the search, one service with its purchase, and the freelancer's own."""

from marketwright.features.services.pages import lists, mine, show
from marketwright.features.services.pages.base import pages

__all__ = ["lists", "mine", "pages", "show"]
