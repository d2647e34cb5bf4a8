"""What happens to missions; the subject is always the mission."""

from marketwright.kernel.events import declare

WAITING = declare("mission.waiting", "A mission waits for the staff's approval")
PUBLISHED = declare("mission.published", "A mission can be seen")
REFUSED = declare("mission.refused", "The staff sent a mission back, with a reason")
CHANGED = declare("mission.changed", "A mission that people could see was edited; `changed` names what")
PAUSED = declare("mission.paused", "A mission takes no new applicants for now")
RESUMED = declare("mission.resumed", "A paused mission takes applicants again")
FILLED = declare("mission.filled", "Somebody was found; every other applicant hears")
CLOSED = declare("mission.closed", "A mission ended without anybody; every applicant hears, with `reason`")
INVITED = declare("mission.invited", "A freelancer was invited by name; `freelancer` says who")
