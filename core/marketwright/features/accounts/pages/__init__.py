"""The pages of accounts, in modules by what people come for."""

from marketwright.features.accounts.pages import entry, invitations, me, moving, organisations, recovery, security
from marketwright.features.accounts.pages.base import pages

__all__ = ["entry", "invitations", "me", "moving", "organisations", "pages", "recovery", "security"]
