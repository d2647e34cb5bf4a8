"""The pages of vetting: what a person hands in, the task that they work on, the page of whoever marks it."""

from marketwright.features.vetting.pages import assessors, checks, task  # noqa: F401  they register themselves
from marketwright.features.vetting.pages.base import pages

__all__ = ["pages"]
