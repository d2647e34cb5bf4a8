"""Pages of bills, invoices, credit notes and the mandate to issue them."""

from marketwright.features.invoicing.pages import bills, documents, mandate, owed, sent
from marketwright.features.invoicing.pages.base import pages

__all__ = ["bills", "documents", "mandate", "owed", "pages", "sent"]
