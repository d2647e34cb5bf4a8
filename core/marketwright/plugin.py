"""THE DOOR: all that a plugin may import from marketwright, and nothing else.

Re-exports only. Its names and signatures are a file under test (tests/architecture/door.txt): a change needs a line in
the changelog and one minor release of deprecation.
"""

from marketwright.hooks.desk import Desk, DeskRefused
from marketwright.hooks.manifest import Manifest, NoSettings
from marketwright.hooks.marker import hookimpl
from marketwright.kernel.errors import InvalidInput, MarketwrightError, Unavailable
from marketwright.kernel.events import Event
from marketwright.kernel.money import MAX_MINOR, BadAmount, Money, exponent, money, prorate, share_bps, split, total
from marketwright.kernel.text import N_, Text, say
from marketwright.kernel.time import Clock, iso
from marketwright.strategies.documents import ContractTemplate, Document, Section
from marketwright.strategies.fields import Field, FieldForm, Taxonomy
from marketwright.strategies.matching import Candidates, Columns, MatchingCriterion, Reason
from marketwright.strategies.payments import (
    Answer,
    Capabilities,
    Command,
    CommandKind,
    Fact,
    Message,
    Outcome,
    PaymentProvider,
)
from marketwright.strategies.placements import Placement
from marketwright.strategies.pricing import Deal, Line, LineKind, Part, Party, PricingRule, Quote
from marketwright.strategies.processes import Action, Condition, HoldState, Process, Role, State, Transition
from marketwright.strategies.vetting import (
    Ask,
    Claim,
    Result,
    Subject,
    SubjectKind,
    Submission,
    Verdict,
    VettingCheck,
    Waiting,
)

__all__ = [
    "MAX_MINOR",
    "N_",
    "Action",
    "Answer",
    "Ask",
    "BadAmount",
    "Candidates",
    "Capabilities",
    "Claim",
    "Clock",
    "Columns",
    "Command",
    "CommandKind",
    "Condition",
    "ContractTemplate",
    "Deal",
    "Desk",
    "DeskRefused",
    "Document",
    "Event",
    "Fact",
    "Field",
    "FieldForm",
    "HoldState",
    "InvalidInput",
    "Line",
    "LineKind",
    "Manifest",
    "MarketwrightError",
    "MatchingCriterion",
    "Message",
    "Money",
    "NoSettings",
    "Outcome",
    "Part",
    "Party",
    "PaymentProvider",
    "Placement",
    "PricingRule",
    "Process",
    "Quote",
    "Reason",
    "Result",
    "Role",
    "Section",
    "State",
    "Subject",
    "SubjectKind",
    "Submission",
    "Taxonomy",
    "Text",
    "Transition",
    "Unavailable",
    "Verdict",
    "VettingCheck",
    "Waiting",
    "exponent",
    "hookimpl",
    "iso",
    "money",
    "prorate",
    "say",
    "share_bps",
    "split",
    "total",
]
