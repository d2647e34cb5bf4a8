"""What happens in vetting; payloads carry ids and plain words alone."""

from marketwright.kernel.events import declare

HANDED_IN = declare("check.handed_in", "Evidence for a check came in; the subject is the run")
ASKED = declare("check.asked", "A check asks for something; the subject is the owner; payload: kind, check, why")
DECIDED = declare("verdict.recorded", "A check ended; the subject is the verdict; payload: kind, owner, check, result "
                                      "(of a private one empty)")  # fmt: skip
REVOKED = declare("verdict.revoked", "Staff took a verdict back; subject the new one; payload: kind, owner, check")
ENDING = declare("verdict.ending", "A verdict ends soon; payload: kind, owner, check, days")
TASK_BEGUN = declare("task.begun", "A task's days have begun; the subject is the run")
ASSESSOR_ASKED = declare("assessor.asked", "Somebody is asked to mark a task; the subject is the assessor")
ASSESSORS_APART = declare("assessors.apart", "Two assessors disagree; the subject is the run")
DEFENCE_SET = declare("defence.proposed", "A time for the defence of a task was proposed; the subject is the run")
DEFENCE_CONFIRMED = declare("defence.confirmed", "The candidate confirmed when the task is defended; subject the run")
DEFENCE_MISSED = declare("defence.missed", "A defence was never confirmed: the attempt is over; the subject is the run")
EXPIRED = declare("verdict.expired", "A verdict has ended; payload: kind, owner, check")
