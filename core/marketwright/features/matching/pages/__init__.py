"""The pages of matching: search, matches both ways, shortlists, comparison, and how it is ranked."""

from marketwright.features.matching.pages import compare, how, matches, search, shortlist
from marketwright.features.matching.pages.base import pages

__all__ = ["compare", "how", "matches", "pages", "search", "shortlist"]
