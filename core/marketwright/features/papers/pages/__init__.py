"""The pages of papers: handing in, following the signatures, and the page behind an outsider's link."""

from marketwright.features.papers.pages import declaring, early, handing, parties, signing
from marketwright.features.papers.pages.base import pages

__all__ = ["declaring", "early", "handing", "pages", "parties", "signing"]
