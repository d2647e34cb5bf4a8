"""The pages of profiles: what everybody sees, and where freelancers write it."""

from marketwright.features.profiles.pages import edit, lists, overview, show  # noqa: F401  they register themselves
from marketwright.features.profiles.pages.base import pages

__all__ = ["pages"]
