"""What the pages of content share."""

from marketwright.web.routing import Pages

pages = Pages("content")
