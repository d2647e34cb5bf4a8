"""The pages of accounts, in modules by what people come for."""

from marketwright.features.accounts.pages import entry, invitations, me, organisations, recovery, security, signatories
from marketwright.features.accounts.pages.base import pages

__all__ = ["entry", "invitations", "me", "organisations", "pages", "recovery", "security", "signatories"]
