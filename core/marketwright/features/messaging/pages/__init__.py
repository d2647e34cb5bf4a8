"""The pages of messaging: the inbox, one conversation, and the ways to begin one."""

from marketwright.features.messaging.pages import inbox, openings, threads
from marketwright.features.messaging.pages.base import pages

__all__ = ["inbox", "openings", "pages", "threads"]
