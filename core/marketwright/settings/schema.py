"""The keys of marketplace.toml: one marshmallow schema a table. Checks, forms and docs/settings.md come from here.

``metadata={"fixed": True}`` marks what only the file or the environment may say.
"""

from marshmallow import RAISE, Schema, fields, validate

from marketwright.kernel.money import currencies
from marketwright.settings.marketplace import Stage

GATES = ("sign_up", "appear", "publish", "contact", "propose", "sign", "sign_above", "start", "be_paid")
FIXED = {"fixed": True}
_LANGUAGE = fields.Str(validate=validate.OneOf(("en", "fr")))
_SIDES = validate.OneOf(("open", "approval", "invitation"))


class Strict(Schema):
    """A table that refuses keys it does not know."""

    class Meta:
        """Unknown keys stop the start."""

        unknown = RAISE


class MarketplaceTable(Strict):
    """``[marketplace]``."""

    name = fields.Str(required=True, validate=validate.Length(1, 60))
    slug = fields.Str(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{1,40}$"), metadata=FIXED)
    stage = fields.Str(load_default="demo", validate=validate.OneOf([s.value for s in Stage]), metadata=FIXED)
    languages = fields.List(
        fields.Str(validate=validate.OneOf(("en", "fr"))), load_default=["en"], validate=validate.Length(min=1)
    )
    country = fields.Str(load_default="FR", validate=validate.Regexp(r"^[A-Z]{2}$"))
    currency = fields.Str(load_default="EUR", validate=validate.OneOf(currencies()), metadata=FIXED)
    time_zone = fields.Str(load_default="Europe/Paris")
    base_url = fields.Str(load_default="http://127.0.0.1:8000", validate=validate.Regexp(r"^https?://[^/]+$"))
    theme = fields.Str(load_default="")
    database = fields.Str(load_default="sqlite:///var/marketplace.sqlite", metadata=FIXED)
    tagline = fields.Dict(keys=fields.Str(), values=fields.Str(), load_default=dict)


class AccessTable(Strict):
    """``[access]``."""

    freelancers = fields.Str(load_default="open", validate=_SIDES)
    clients = fields.Str(load_default="open", validate=_SIDES)
    missions = fields.Str(load_default="open", validate=validate.OneOf(("open", "approval")))
    public_missions = fields.Bool(load_default=True)
    public_freelancers = fields.Bool(load_default=True)


class DealTable(Strict):
    """``[deal]``."""

    processes = fields.List(fields.Str(), load_default=["milestones"], validate=validate.Length(min=1))
    provider = fields.Str(load_default="")
    proposal_days = fields.Int(load_default=14, validate=validate.Range(1, 90))
    review_days = fields.Int(load_default=14, validate=validate.Range(1, 90))
    reauthenticate_above = fields.Int(load_default=500_000, validate=validate.Range(0))


class LegalTable(Strict):
    """``[legal]``."""

    name = fields.Str(load_default="")
    form = fields.Str(load_default="")
    registration_number = fields.Str(load_default="")
    vat_number = fields.Str(load_default="")
    address = fields.Str(load_default="")
    country = fields.Str(load_default="")
    director = fields.Str(load_default="")
    hosting = fields.Str(load_default="")


class MailTable(Strict):
    """``[mail]``."""

    sender = fields.Email(load_default="no-reply@example.org")
    smtp = fields.Str(load_default="", metadata=FIXED)


class MenuLinkTable(Strict):
    """One entry of a menu."""

    label = fields.Str(required=True, validate=validate.Length(1, 60))
    href = fields.Str(
        required=True,
        validate=validate.Regexp(
            r"^(/(?![/\\])|https://)[^\s<>\"]*$", error="This is no address: begin with / or https://."
        ),
    )


class MenuColumnTable(Strict):
    """One column of the footer."""

    title = fields.Str(required=True, validate=validate.Length(1, 60))
    links = fields.List(fields.Nested(MenuLinkTable), required=True, validate=validate.Length(1, 12))


class MenuTable(Strict):
    """``[menus.<language>]``: what is left out stays as it is."""

    header = fields.List(fields.Nested(MenuLinkTable), validate=validate.Length(1, 8))
    footer = fields.List(fields.Nested(MenuColumnTable), validate=validate.Length(1, 5))


class MarketplaceFile(Strict):
    """The whole file."""

    locked = fields.List(fields.Str(), load_default=list, metadata=FIXED)
    plugins = fields.List(fields.Str(), load_default=list)
    marketplace = fields.Nested(MarketplaceTable, required=True)
    access = fields.Nested(AccessTable, load_default=lambda: AccessTable().load({}))
    deal = fields.Nested(DealTable, load_default=lambda: DealTable().load({}))
    legal = fields.Nested(LegalTable, load_default=lambda: LegalTable().load({}))
    mail = fields.Nested(MailTable, load_default=lambda: MailTable().load({}))
    gates = fields.Dict(
        keys=fields.Str(validate=validate.OneOf(GATES)), values=fields.List(fields.Str()), load_default=dict
    )
    plugin = fields.Dict(keys=fields.Str(), values=fields.Dict(), load_default=dict)
    vocabulary = fields.Dict(
        keys=_LANGUAGE, values=fields.Dict(keys=fields.Str(), values=fields.Dict()), load_default=dict
    )
    menus = fields.Dict(keys=_LANGUAGE, values=fields.Nested(MenuTable), load_default=dict)
    addresses = fields.Dict(
        keys=_LANGUAGE, values=fields.Dict(keys=fields.Str(), values=fields.Str()), load_default=dict
    )
