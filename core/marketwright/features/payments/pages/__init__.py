"""Pages of payments: the payer's waiting page, and what the provider asks of a freelancer."""

from marketwright.features.payments.pages import following, payee
from marketwright.features.payments.pages.base import pages

__all__ = ["following", "pages", "payee"]
