"""What happens to notices; payloads carry ids alone."""

from marketwright.kernel.events import declare

FILED = declare("notice.filed", "Somebody reported something; the subject is the notice")
DECIDED = declare("notice.decided", "Staff decided on a notice; the subject is the notice")
RESTRICTED = declare("content.restricted", "Staff restricted what somebody wrote; the subject is the statement to them")
