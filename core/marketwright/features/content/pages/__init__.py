"""The pages of content, in modules by what they are for."""

from marketwright.features.content.pages import crawlers, front, previews, texts
from marketwright.features.content.pages.base import pages

__all__ = ["crawlers", "front", "pages", "previews", "texts"]
