"""THE DOOR: all that a plugin may import from marketwright, and nothing else.

Re-exports only. Its names and signatures are a file under test (tests/architecture/door.txt): a change needs a line in
the changelog and one minor release of deprecation.
"""

from marketwright.hooks.desk import Desk
from marketwright.hooks.http import Http, HttpAnswer, HttpFailed
from marketwright.hooks.manifest import Manifest, NoSettings
from marketwright.hooks.marker import hookimpl
from marketwright.hooks.permits import DeskRefused
from marketwright.hooks.ports import Payment
from marketwright.kernel.errors import Conflict, InvalidInput, MarketwrightError, NotAllowed, NotFound, Unavailable
from marketwright.kernel.events import Event
from marketwright.kernel.money import (
    MAX_MINOR,
    BadAmount,
    Money,
    exponent,
    money,
    prorate,
    refund_share,
    share_bands,
    share_bps,
    split,
    total,
)
from marketwright.kernel.terms import worded
from marketwright.kernel.text import N_, Text, say
from marketwright.kernel.time import Clock, iso
from marketwright.store.plugins import core_ref, plugin_base
from marketwright.strategies.adapters import Adapter, FileAdapter, MailAdapter
from marketwright.strategies.countries import (
    Country,
    Dated,
    Mandate,
    Mention,
    Place,
    Rate,
    Supply,
    Tag,
    TaxCategory,
    TaxRow,
)
from marketwright.strategies.documents import ContractTemplate, Document, Section
from marketwright.strategies.fields import Field, FieldForm, Taxonomy
from marketwright.strategies.inbox import BadMessage, Inbox, Message
from marketwright.strategies.jobs import Job
from marketwright.strategies.journals import Books, Journal, JournalLine
from marketwright.strategies.matching import Candidates, Columns, MatchingCriterion, Reason
from marketwright.strategies.payments import (
    Answer,
    Capabilities,
    Command,
    CommandKind,
    Fact,
    FactKind,
    Need,
    Outcome,
    PaymentProvider,
    Requirement,
)
from marketwright.strategies.placements import Placement
from marketwright.strategies.pricing import (
    Deal,
    Extra,
    Line,
    LineKind,
    Note,
    Override,
    Part,
    Party,
    PricingRule,
    Quote,
    Voucher,
)
from marketwright.strategies.processes import Action, Condition, HoldState, Process, Role, State, Transition
from marketwright.strategies.rows import (
    BillRow,
    ContractRow,
    EvidenceFile,
    MilestoneRow,
    MissionRow,
    OrganisationRow,
    ProfileRow,
    VerdictRow,
    Visitor,
)
from marketwright.strategies.slots import SlotFill
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
    "Adapter",
    "Answer",
    "Ask",
    "BadAmount",
    "BadMessage",
    "BillRow",
    "Books",
    "Candidates",
    "Capabilities",
    "Claim",
    "Clock",
    "Columns",
    "Command",
    "CommandKind",
    "Condition",
    "Conflict",
    "ContractRow",
    "ContractTemplate",
    "Country",
    "Dated",
    "Deal",
    "Desk",
    "DeskRefused",
    "Document",
    "Event",
    "EvidenceFile",
    "Extra",
    "Fact",
    "FactKind",
    "Field",
    "FieldForm",
    "FileAdapter",
    "HoldState",
    "Http",
    "HttpAnswer",
    "HttpFailed",
    "Inbox",
    "InvalidInput",
    "Job",
    "Journal",
    "JournalLine",
    "Line",
    "LineKind",
    "MailAdapter",
    "Mandate",
    "Manifest",
    "MarketwrightError",
    "MatchingCriterion",
    "Mention",
    "Message",
    "MilestoneRow",
    "MissionRow",
    "Money",
    "Need",
    "NoSettings",
    "NotAllowed",
    "NotFound",
    "Note",
    "OrganisationRow",
    "Outcome",
    "Override",
    "Part",
    "Party",
    "Payment",
    "PaymentProvider",
    "Place",
    "Placement",
    "PricingRule",
    "Process",
    "ProfileRow",
    "Quote",
    "Rate",
    "Reason",
    "Requirement",
    "Result",
    "Role",
    "Section",
    "SlotFill",
    "State",
    "Subject",
    "SubjectKind",
    "Submission",
    "Supply",
    "Tag",
    "TaxCategory",
    "TaxRow",
    "Taxonomy",
    "Text",
    "Transition",
    "Unavailable",
    "Verdict",
    "VerdictRow",
    "VettingCheck",
    "Visitor",
    "Voucher",
    "Waiting",
    "core_ref",
    "exponent",
    "hookimpl",
    "iso",
    "money",
    "plugin_base",
    "prorate",
    "refund_share",
    "say",
    "share_bands",
    "share_bps",
    "split",
    "total",
    "worded",
]
