"""The pages of content, in modules by what they are for."""

from marketwright.features.content.pages import crawlers, front, texts
from marketwright.features.content.pages.base import pages

__all__ = ["crawlers", "front", "pages", "texts"]
