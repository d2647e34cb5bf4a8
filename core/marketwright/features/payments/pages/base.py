"""The pages of this room."""

from marketwright.web.routing import Pages

pages = Pages("payments")
