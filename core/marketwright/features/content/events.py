"""What happens to pages."""

from marketwright.kernel.events import declare

PUBLISHED = declare(
    "content.published", "A version of a page was published, in force now or later; the subject is the page's name"
)
