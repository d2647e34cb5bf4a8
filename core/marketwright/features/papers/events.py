"""What happens to papers: asked of outsiders, signed, refused, too late."""

from marketwright.kernel.events import declare

ASKED = declare("paper.asked", "An outsider is asked to sign a paper; subject: the signatory; payload: contract")
CODE_ASKED = declare("paper.code_asked", "A signatory asks for their code; the subject is the signatory")
REMINDED = declare("paper.reminded", "An outsider has yet to sign; the subject is the signatory; payload: contract")
SIGNED = declare("paper.signed", "An outsider signed a paper; the subject is the signatory; payload: contract")
PARTY_ASKED = declare("paper.party_asked", "A paper waits for a side; subject: the paper; payload: contract, side")
REFUSED = declare("paper.refused", "An outsider refused to sign; the subject is the signatory; payload: contract")
WITHDRAWN = declare("paper.withdrawn", "A paper was taken back; the subject is the paper; payload: contract")
ANSWERED = declare(
    "paper.answered", "A freelancer answered what a mission asks in confidence; subject: the mission; payload: "
    "freelancer, condition"
)
LAPSED = declare("paper.lapsed", "A paper was not signed in time; the subject is the paper; payload: contract")
