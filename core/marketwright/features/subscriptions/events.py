"""What happens to subscriptions; the subject is the subscription."""

from marketwright.kernel.events import declare

STARTED = declare("subscription.started", "Somebody subscribed to a plan; payload: plan, owner")
CHANGED = declare("subscription.changed", "A subscription went over to another plan; payload: plan, owner")
RENEWED = declare("subscription.renewed", "A new period of a plan began; payload: plan, owner")
IN_GRACE = declare("subscription.in_grace", "A bill of a plan is late: the plan goes on for a while; payload: owner")
ENDED = declare("subscription.ended", "A subscription ended; payload: plan, owner, reason")
