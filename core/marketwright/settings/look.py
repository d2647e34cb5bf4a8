"""The tables of what a site looks like: its look and its menus."""

from marshmallow import fields, validate

from marketwright.kernel.text import N_
from marketwright.settings.strict import Strict, says


class LookTable(Strict):
    """``[look]``: what is left out stays as the theme has it."""

    brand = fields.Str(
        load_default="",
        validate=validate.Regexp(r"^(#[0-9a-fA-F]{6})?$", error="A colour is # and six digits, as #2f5d8a."),
        metadata=says(N_("Brand colour"), N_("All colours come from it, and stay readable whatever it is.")),
    )
    tint = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(0, 2),
        metadata=says(N_("Tint of the greys"), N_("0 none, 1 a breath of the colour, 2 clearly.")),
    )  # fmt: skip
    round = fields.Int(
        load_default=None, allow_none=True, validate=validate.Range(0, 28),
        metadata=says(N_("Roundness"), N_("The corners, in pixels: 0 sharp, 6 usual, 20 soft.")),
    )  # fmt: skip
    air = fields.Float(
        load_default=None, allow_none=True, validate=validate.Range(0.7, 1.5),
        metadata=says(N_("Air"), N_("The space between things: 0.85 close, 1 usual, 1.25 generous.")),
    )  # fmt: skip
    density = fields.Str(
        load_default="", validate=validate.OneOf(("", "normal", "compact")),
        metadata=says(N_("Density"), N_("Compact makes controls and rows lower.")),
    )  # fmt: skip
    font = fields.Str(load_default="", metadata=says(N_("Font of headings"), N_("From the installed themes.")))
    scheme = fields.Str(
        load_default="auto", validate=validate.OneOf(("auto", "light", "dark")),
        metadata=says(N_("Light and dark"), N_("Auto follows each reader's device.")),
    )  # fmt: skip
    logo = fields.Str(load_default="", metadata=says(N_("Logo"), N_("Stored by the console's page Look.")))
    favicon = fields.Str(load_default="", metadata=says(N_("Favicon"), N_("Stored by the console's page Look.")))


class MenuLinkTable(Strict):
    """One entry of a menu."""

    label = fields.Str(required=True, validate=validate.Length(1, 60), metadata=says(N_("What it reads")))
    href = fields.Str(
        required=True,
        metadata=says(N_("Address")),
        validate=validate.Regexp(
            r"^(/(?![/\\])|https://)[^\s<>\"]*$", error="This is no address: begin with / or https://."
        ),
    )


class MenuColumnTable(Strict):
    """One column of the footer."""

    title = fields.Str(required=True, validate=validate.Length(1, 60), metadata=says(N_("Title")))
    links = fields.List(
        fields.Nested(MenuLinkTable), required=True, validate=validate.Length(1, 12), metadata=says(N_("Links"))
    )


class MenuTable(Strict):
    """``[menus.<language>]``: what is left out stays as it is."""

    header = fields.List(
        fields.Nested(MenuLinkTable), validate=validate.Length(0, 8),
        metadata=says(N_("Header"), N_("What visitors see at the top. Empty: the site's own.")),
    )  # fmt: skip
    footer = fields.List(
        fields.Nested(MenuColumnTable), validate=validate.Length(0, 5),
        metadata=says(N_("Footer"), N_("Columns. Empty: the site's own. What the law asks is always added.")),
    )  # fmt: skip
