"""The terms that the documents need; a missing one is named by its path."""

from marshmallow import EXCLUDE, Schema, fields


class _Open(Schema):
    class Meta:
        unknown = EXCLUDE


class PartyTerms(_Open):
    """One party: who they are in law, and who signs."""

    name = fields.String(required=True)
    form = fields.String(required=True)
    registration_number = fields.String(required=True)
    vat_number = fields.String(load_default="")
    street = fields.String(required=True)
    postcode = fields.String(required=True)
    city = fields.String(required=True)
    country = fields.String(required=True)
    signatory_name = fields.String(required=True)
    signatory_title = fields.String(load_default="")


class MarketplaceTerms(_Open):
    """Who runs the marketplace."""

    brand = fields.String(required=True)
    name = fields.String(required=True)
    form = fields.String(load_default="")
    registration_number = fields.String(load_default="")
    address = fields.String(load_default="")
    words = fields.Dict(keys=fields.String(), values=fields.Dict(), load_default=dict)


class MissionTerms(_Open):
    """The mission that the document belongs to."""

    title = fields.String(required=True)


class ContractTerms(_Open):
    """The contract: what people quote, and its day."""

    reference = fields.String(required=True)
    date = fields.Date(required=True)
    purchase_order = fields.String(load_default="")


class MilestoneTerms(_Open):
    """One milestone; ``amount`` in minor units, before tax; ``within`` so many days after it was paid in."""

    number = fields.Integer(required=True)
    title = fields.String(required=True)
    description = fields.String(load_default="", allow_none=True)
    amount = fields.Integer(required=True)
    days = fields.Float(load_default=None, allow_none=True)
    start = fields.Date(load_default=None, allow_none=True)
    within = fields.Integer(load_default=None, allow_none=True)
    due = fields.Date(load_default=None, allow_none=True)


class AmountTerms(_Open):
    """The amounts of the deal, minor units."""

    work = fields.Integer(required=True)
    work_tax = fields.Integer(required=True)
    client_fee = fields.Integer(required=True)
    client_fee_tax = fields.Integer(required=True)
    freelancer_fee = fields.Integer(required=True)
    freelancer_fee_tax = fields.Integer(required=True)
    client_pays = fields.Integer(required=True)
    freelancer_receives = fields.Integer(required=True)


class FeeTerms(_Open):
    """One fee: ``side`` is ``client`` or ``freelancer``; the amount in minor units, before tax."""

    side = fields.String(required=True)
    label = fields.String(required=True)
    amount = fields.Integer(required=True)


class CancellationTerms(_Open):
    """What cancelling paid-in work costs before it has begun: the part of the price that is due, in basis points."""

    by = fields.String(required=True)
    notice_days = fields.Integer(required=True)
    freelancer_bps = fields.Integer(required=True)


class ProcessTerms(_Open):
    """The course of the deal; ``silence_days`` 0 where silence never accepts, ``by_day`` with timesheets."""

    label = fields.String(required=True)
    version = fields.Integer(required=True)
    holds = fields.Boolean(required=True)
    silence_days = fields.Integer(load_default=0)
    payment_days = fields.Integer(load_default=0)
    by_day = fields.Boolean(load_default=False)
    cancellation = fields.List(fields.Nested(CancellationTerms), load_default=list)


class ExtraTerms(_Open):
    """One service that a side ordered beside the agreement, of the marketplace."""

    side = fields.String(required=True)
    label = fields.String(required=True)
    amount = fields.Integer(required=True)
    tax = fields.Integer(required=True)


class PaperTerms(_Open):
    """Who draws up the invoices for the work: ``marketplace``, in the freelancer's name, or ``freelancer``."""

    by = fields.String(required=True)


class DealTerms(_Open):
    """What agreement and amendment share."""

    contract = fields.Nested(ContractTerms, required=True)
    client = fields.Nested(PartyTerms, required=True)
    freelancer = fields.Nested(PartyTerms, required=True)
    marketplace = fields.Nested(MarketplaceTerms, required=True)
    mission = fields.Nested(MissionTerms, required=True)
    currency = fields.String(required=True)
    milestones = fields.List(fields.Nested(MilestoneTerms), required=True)
    amounts = fields.Nested(AmountTerms, required=True)
    fees = fields.List(fields.Nested(FeeTerms), required=True)
    extras = fields.List(fields.Nested(ExtraTerms), load_default=list)
    papers = fields.Nested(PaperTerms, load_default=lambda: {"by": "marketplace"})
    process = fields.Nested(ProcessTerms, required=True)
    holder = fields.String(required=True)
    start = fields.Date(load_default=None, allow_none=True)


class AmendmentPart(_Open):
    """What an amendment changes."""

    number = fields.Integer(required=True)
    date = fields.Date(required=True)
    signed_on = fields.Date(required=True)
    reason = fields.String(required=True)
    price_before = fields.Integer(required=True)
    price_after = fields.Integer(required=True)


class AmendmentTerms(DealTerms):
    """The terms of an amendment."""

    amendment = fields.Nested(AmendmentPart, required=True)


class ConfidentialityTerms(_Open):
    """The terms of a confidentiality agreement."""

    client = fields.Nested(PartyTerms, required=True)
    freelancer = fields.Nested(PartyTerms, required=True)
    marketplace = fields.Nested(MarketplaceTerms, required=True)
    mission = fields.Nested(MissionTerms, required=True)
