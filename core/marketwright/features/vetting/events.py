"""What happens in vetting; payloads carry ids and plain words alone."""

from marketwright.kernel.events import declare

HANDED_IN = declare("check.handed_in", "Evidence for a check came in; the subject is the run")
ASKED = declare("check.asked", "A check asks for something; the subject is the owner; payload: kind, check, why")
DECIDED = declare("verdict.recorded", "A check ended; the subject is the verdict; payload: kind, owner, check, result")
REVOKED = declare("verdict.revoked", "Staff took a verdict back; subject the new one; payload: kind, owner, check")
ENDING = declare("verdict.ending", "A verdict ends soon; payload: kind, owner, check, days")
EXPIRED = declare("verdict.expired", "A verdict has ended; payload: kind, owner, check")
