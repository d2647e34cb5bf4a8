"""The keys of marketplace.toml: one marshmallow schema a table. Checks, forms and docs/settings.md come from here.

``label`` and ``description`` in the metadata are the words of the console and of the docs; ``fixed`` marks what only
the file or the environment may say, ``deals`` what new deals alone are made on.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from marketwright.kernel.money import currencies
from marketwright.kernel.text import N_
from marketwright.settings.bank import check_bic, check_iban
from marketwright.settings.courses import CANCELLATION, REMIND_DAYS
from marketwright.settings.look import LookTable, MenuTable
from marketwright.settings.marketplace import Stage
from marketwright.settings.offers import ExtrasTable, SubscriptionsTable
from marketwright.settings.ranking import RankingTable
from marketwright.settings.strict import Strict, says
from marketwright.strategies.fields import FieldForm

GATES = ("sign_up", "appear", "publish", "contact", "propose", "sign", "sign_above", "start", "be_paid")
FIXED = {"fixed": True}
_LANGUAGE = fields.Str(validate=validate.OneOf(("en", "fr")))


_AN_ACCOUNT = N_("Each account.")
_SIDES = validate.OneOf(("open", "approval", "invitation"))


class MarketplaceTable(Strict):
    """``[marketplace]``."""

    name = fields.Str(
        required=True,
        validate=validate.Length(1, 60),
        metadata=says(N_("Name"), N_("On every page, mail and document.")),
    )
    slug = fields.Str(
        required=True,
        validate=validate.Regexp(r"^[a-z][a-z0-9-]{1,40}$"),
        metadata=says(N_("Short name"), N_("In cookies and references of {contract.other}."), fixed=True),
    )
    stage = fields.Str(
        load_default="demo",
        validate=validate.OneOf([s.value for s in Stage], [N_("Demo"), N_("Test"), N_("Live")]),
        metadata=says(N_("Stage"), N_("Demo, test or live."), fixed=True),
    )
    languages = fields.List(
        fields.Str(validate=validate.OneOf(("en", "fr"))),
        load_default=["en"],
        validate=validate.Length(min=1),
        metadata=says(N_("Languages"), N_("The first is spoken where nothing else is known.")),
    )
    country = fields.Str(
        load_default="FR",
        validate=validate.Regexp(r"^[A-Z]{2}$"),
        metadata=says(N_("Country"), N_("Two capital letters, as FR: where the marketplace is established.")),
    )
    currency = fields.Str(
        load_default="EUR",
        validate=validate.OneOf(currencies()),
        metadata=says(N_("Currency"), N_("Prices, holds and bills."), fixed=True),
    )
    time_zone = fields.Str(
        load_default="Europe/Paris",
        metadata=says(N_("Time zone"), N_("For visitors who have not chosen one, as Europe/Paris.")),
    )
    base_url = fields.Str(
        load_default="http://127.0.0.1:8000",
        validate=validate.Regexp(r"^https?://[^/]+$"),
        metadata=says(N_("Address"), N_("Where the site answers, without a path: links in mails begin with it.")),
    )
    theme = fields.Str(
        load_default="",
        metadata=says(N_("Theme"), N_("The look, from what is installed.")),
    )
    database = fields.Str(
        load_default="sqlite:///var/marketplace.sqlite",
        metadata=says(N_("Database"), fixed=True),
    )
    tagline = fields.Dict(
        keys=fields.Str(),
        values=fields.Str(),
        load_default=dict,
        metadata=says(N_("Tagline"), N_("One sentence a language, below the name.")),
    )


class AccessTable(Strict):
    """``[access]``."""

    freelancers = fields.Str(
        load_default="open",
        validate=_SIDES,
        metadata=says(
            N_("{Freelancer.other}"),
            N_("Open: whoever signs up; approval: staff say yes; invitation: only who was invited."),
        ),
    )
    clients = fields.Str(
        load_default="open",
        validate=_SIDES,
        metadata=says(N_("{Client.other}"), N_("Open, by approval or by invitation.")),
    )
    missions = fields.Str(
        load_default="open",
        validate=validate.OneOf(("open", "approval")),
        metadata=says(N_("{Mission.other}"), N_("Approval: staff read each one before it is published.")),
    )
    public_missions = fields.Bool(
        load_default=True,
        metadata=says(N_("Visitors see {mission.other}"), N_("Without it only members do.")),
    )
    public_freelancers = fields.Bool(
        load_default=True,
        metadata=says(N_("Visitors see {freelancer.other}"), N_("Without it only members do.")),
    )


def _an_hour(most: int, label: str, description: str = "") -> fields.Int:
    return fields.Int(
        load_default=most, validate=validate.Range(1, 1_000_000), metadata=says(label, description or _AN_ACCOUNT)
    )


class LimitsTable(Strict):
    """``[limits]``."""

    messages = _an_hour(120, N_("Messages an hour"))
    conversations = _an_hour(
        40, N_("New conversations an hour"), N_("Each account: applications, questions, invitations.")
    )
    proposals = _an_hour(60, N_("{Proposal.other} an hour"), N_("Each account: new ones and counter-offers."))
    uploads = _an_hour(120, N_("Files sent an hour"))
    exports = _an_hour(120, N_("Exports an hour"), N_("Each account: tables as files."))
    sign_ups = _an_hour(1000, N_("Sign-ups an hour"), N_("The whole site; one browser may much less."))


class DealTable(Strict):
    """``[deal]``."""

    processes = fields.List(
        fields.Str(),
        load_default=["milestones"],
        validate=validate.Length(min=1),
        metadata=says(N_("Courses of a deal"), N_("What a {proposal} may choose from."), deals=True),
    )
    provider = fields.Str(
        load_default="",
        metadata=says(N_("Payment provider"), N_("Who holds the money of new deals."), deals=True),
    )
    proposal_days = fields.Int(
        load_default=14,
        validate=validate.Range(1, 90),
        metadata=says(N_("Days a {proposal} stays open"), deals=True),
    )
    review_days = fields.Int(
        load_default=14,
        validate=validate.Range(1, 90),
        metadata=says(N_("Days to look at a delivery"), N_("Then silence approves."), deals=True),
    )
    cancellation = CANCELLATION
    remind_days = REMIND_DAYS
    reauthenticate_above = fields.Int(
        load_default=500_000,
        validate=validate.Range(0),
        metadata=says(
            N_("Ask for the password again above"),
            N_("In cents of the currency: approving more than this asks once more."),
        ),
    )


class LegalTable(Strict):
    """``[legal]``."""

    name = fields.Str(
        load_default="",
        metadata=says(N_("Company"), N_("Who runs the site: footer, legal notice, {contract.other}, bills.")),
    )
    form = fields.Str(
        load_default="",
        metadata=says(N_("Legal form"), N_("As SAS or SARL.")),
    )
    registration_number = fields.Str(
        load_default="",
        metadata=says(N_("Registration number")),
    )
    vat_number = fields.Str(
        load_default="",
        metadata=says(N_("VAT number")),
    )
    vat_regime = fields.Str(
        load_default="",
        validate=validate.OneOf(
            ("", "standard", "franchise"), (N_("By its VAT number"), N_("With VAT"), N_("Franchise, without VAT"))
        ),
        metadata=says(
            N_("VAT regime"),
            N_("Of its fees. Empty: standard with a VAT number, franchise (no VAT) for a company without one."),
        ),
    )
    address = fields.Str(
        load_default="",
        metadata=says(N_("Address of the company")),
    )
    country = fields.Str(
        load_default="",
        metadata=says(N_("Country of the company"), N_("Where it differs from the country of the marketplace.")),
    )
    director = fields.Str(
        load_default="",
        metadata=says(N_("Publication director"), N_("A person: French law asks for one.")),
    )
    hosting = fields.Str(
        load_default="",
        metadata=says(N_("Hosting"), N_("Who hosts the site, with place.")),
    )
    iban = fields.Str(
        load_default="",
        validate=check_iban,
        metadata=says(N_("IBAN of the company"), N_("Where its own invoices are paid: fees, plans, services.")),
    )
    bic = fields.Str(
        load_default="",
        validate=check_bic,
        metadata=says(N_("BIC of its bank"), N_("For transfers from other countries.")),
    )
    bank_holder = fields.Str(
        load_default="",
        metadata=says(N_("Account holder"), N_("As the bank knows them, where it is not the company's name.")),
    )


class MailTable(Strict):
    """``[mail]``."""

    sender = fields.Email(
        load_default="no-reply@example.org",
        metadata=says(N_("Sender"), N_("The address that mails come from.")),
    )
    smtp = fields.Str(
        load_default="",
        metadata=says(
            N_("Mail server"),
            N_("As smtp://user@host:587; empty keeps mails in the console, below the live stage."),
            fixed=True,
        ),
    )
    dkim_selector = fields.Str(
        load_default="", validate=validate.Regexp(r"^[A-Za-z0-9._-]{0,60}$"),
        metadata=says(
            N_("DKIM selector"),
            N_("The name under which your mail provider publishes its key; it is looked up before going live."),
        ),
    )  # fmt: skip


class FieldChoiceTable(Strict):
    """One entry of ``choices``."""

    value = fields.Str(
        required=True,
        validate=validate.Regexp(r"^[a-z0-9][a-z0-9_-]{0,39}$", error="Small letters, digits, - and _, please."),
        metadata=says(N_("Stored as"), N_("Small letters and digits; it stays when the words change.")),
    )
    label = fields.Dict(
        keys=_LANGUAGE,
        values=fields.Str(),
        required=True,
        validate=validate.Length(min=1),
        metadata=says(N_("What people read")),
    )


class FieldTable(Strict):
    """One ``[[fields]]``: a field of the operator's own on profiles or missions."""

    owner = fields.Str(required=True, validate=validate.OneOf(("profile", "mission")), metadata=says(N_("Stands on")))
    name = fields.Str(
        required=True,
        validate=validate.Regexp(
            r"^[a-z][a-z0-9_]{0,39}$", error="Small letters, digits and _, beginning with a letter, please."
        ),
        metadata=says(N_("Name"), N_("Small letters, digits and _: in addresses, imports and exports.")),
    )
    form = fields.Str(
        required=True,
        validate=validate.OneOf(
            [str(form) for form in FieldForm if form is not FieldForm.ROWS],
            error="{input} is no type: one of {choices}.",
        ),
        metadata=says(N_("Type")),
    )
    label = fields.Dict(
        keys=_LANGUAGE,
        values=fields.Str(validate=validate.Length(1, 80)),
        required=True,
        validate=validate.Length(min=1),
        metadata=says(N_("What people read")),
    )
    hint = fields.Dict(
        keys=_LANGUAGE, values=fields.Str(), load_default=dict, metadata=says(N_("Help below the field"))
    )
    choices = fields.List(
        fields.Nested(FieldChoiceTable),
        load_default=list,
        metadata=says(N_("Choices"), N_("For one or several choices.")),
    )
    required = fields.Bool(load_default=False, metadata=says(N_("Must be filled in")))
    private = fields.Bool(
        load_default=False,
        metadata=says(N_("Private"), N_("Only for whoever may see confidential parts; never searched or matched by.")),
    )
    facet = fields.Bool(load_default=False, metadata=says(N_("A filter of the lists")))
    column = fields.Bool(
        load_default=False,
        metadata=says(N_("For matching"), N_("Criteria may read it, as the column x_ and its name.")),
    )
    unit = fields.Str(
        load_default="", validate=validate.Length(max=20), metadata=says(N_("Unit"), N_("Beside a number."))
    )
    minimum = fields.Float(load_default=None, allow_none=True, metadata=says(N_("At least")))
    maximum = fields.Float(load_default=None, allow_none=True, metadata=says(N_("At most")))

    @validates_schema
    def _fits(self, data: Mapping[str, Any], **_more: Any) -> None:
        chosen, listed = data["form"] in ("choice", "choices"), [c["value"] for c in data["choices"]]
        if chosen and not listed:
            raise ValidationError("A choice needs at least one entry of choices.", "choices")
        if listed and not chosen:
            raise ValidationError("Only choice and choices have entries.", "choices")
        if len(set(listed)) < len(listed):
            raise ValidationError("Two choices are stored as the same word.", "choices")
        if data["private"] and (data["facet"] or data["column"]):
            raise ValidationError("A private field is neither a filter nor a column.", "private")
        if data["form"] in ("long_text", "file") and (data["facet"] or data["column"]):
            raise ValidationError("Long texts and files are neither filters nor columns.", "form")
        if data["form"] == "text" and data["column"]:
            raise ValidationError("A text is no column: criteria read numbers.", "column")
        low, high = data["minimum"], data["maximum"]
        if low is not None and high is not None and low > high:
            raise ValidationError("The least is more than the most.", "minimum")


class MarketplaceFile(Strict):
    """The whole file."""

    locked = fields.List(
        fields.Str(),
        load_default=list,
        metadata=says(N_("Locked"), N_("Keys that the console shows and does not change, as deal.*."), fixed=True),
    )
    plugins = fields.List(
        fields.Str(), load_default=list, metadata=says(N_("Plugins"), N_("What runs, in this order."))
    )
    marketplace = fields.Nested(MarketplaceTable, required=True, metadata=says(N_("The marketplace")))
    access = fields.Nested(AccessTable, load_default=lambda: AccessTable().load({}), metadata=says(N_("Who may enter")))
    deal = fields.Nested(DealTable, load_default=lambda: DealTable().load({}), metadata=says(N_("Deals")))
    limits = fields.Nested(
        LimitsTable, load_default=lambda: LimitsTable().load({}), metadata=says(N_("Limits against misuse"))
    )
    subscriptions = fields.Nested(
        SubscriptionsTable, load_default=lambda: SubscriptionsTable().load({}), metadata=says(N_("Premium plans"))
    )
    extras = fields.Nested(
        ExtrasTable, load_default=lambda: ExtrasTable().load({}), metadata=says(N_("Additional services"))
    )
    legal = fields.Nested(LegalTable, load_default=lambda: LegalTable().load({}), metadata=says(N_("Legal notice")))
    mail = fields.Nested(MailTable, load_default=lambda: MailTable().load({}), metadata=says(N_("Mail")))
    look = fields.Nested(LookTable, load_default=lambda: LookTable().load({}), metadata=says(N_("Look"), own_page=True))
    ranking = fields.Nested(
        RankingTable, load_default=lambda: RankingTable().load({}), metadata=says(N_("Ranking"), own_page=True)
    )
    gates = fields.Dict(
        keys=fields.Str(validate=validate.OneOf(GATES)),
        values=fields.List(fields.Str()),
        load_default=dict,
        metadata=says(N_("Gates"), N_("The checks that each moment asks for.")),
    )
    plugin = fields.Dict(keys=fields.Str(), values=fields.Dict(), load_default=dict)
    fields_ = fields.List(
        fields.Nested(FieldTable),
        data_key="fields",
        load_default=list,
        metadata=says(N_("Fields"), N_("Fields of your own on {profile.other} and {mission.other}.")),
    )
    vocabulary = fields.Dict(
        keys=_LANGUAGE, values=fields.Dict(keys=fields.Str(), values=fields.Dict()), load_default=dict
    )
    menus = fields.Dict(keys=_LANGUAGE, values=fields.Nested(MenuTable), load_default=dict)
    addresses = fields.Dict(
        keys=_LANGUAGE, values=fields.Dict(keys=fields.Str(), values=fields.Str()), load_default=dict
    )
