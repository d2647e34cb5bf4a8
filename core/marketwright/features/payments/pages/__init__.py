"""Pages of payments: the payer's waiting page, what the provider asks of a freelancer, where their money goes."""

from marketwright.features.payments.pages import destination, following, payee
from marketwright.features.payments.pages.base import pages

__all__ = ["destination", "following", "pages", "payee"]
