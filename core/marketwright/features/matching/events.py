"""What happens on lists of matches; the subject is always the mission."""

from marketwright.kernel.events import declare

PLACED = declare("match.placed_by_hand", "Staff put a person on a mission's list by hand; `freelancer` says who")
TAKEN_OFF = declare("match.taken_off", "Staff took a person off a mission's list again; `freelancer` says who")
SHORTLISTED = declare("shortlist.added", "A member put a person on the organisation's shortlist; `freelancer` says who")
UNLISTED = declare("shortlist.removed", "A member took a person off the shortlist; `freelancer` says who")
