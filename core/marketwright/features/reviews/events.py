"""What happens to reviews; the subject is the review."""

from marketwright.kernel.events import declare

WRITTEN = declare("review.written", "One side reviewed the other; nobody else sees it yet")
SHOWN = declare("review.shown", "A review became visible")
ANSWERED = declare("review.answered", "Who was reviewed answered a review")
