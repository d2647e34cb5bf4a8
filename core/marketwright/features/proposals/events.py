"""What happens to proposals; the subject is always the proposal."""

from marketwright.kernel.events import declare

PROPOSED = declare("proposal.made", "A freelancer made a proposal")
COUNTERED = declare("proposal.countered", "One side answered a proposal with another offer")
ACCEPTED = declare("proposal.accepted", "One side accepted the offer that stood; a contract was drawn up")
DECLINED = declare("proposal.declined", "One side declined the offer that stood, with a reason")
WITHDRAWN = declare("proposal.withdrawn", "One side took back its own offer")
EXPIRED = declare("proposal.expired", "Nobody answered in time")
APPROVAL_ASKED = declare("proposal.approval_asked", "What is accepted is above a member's limit; approvers are named")
