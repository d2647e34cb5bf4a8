"""What the marketplace itself sells: premium plans, and services beside a contract; as data of the operator."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.strict import Strict, says

SIDES = ("freelancer", "client")
EXCLUSIVE = "exclusive_missions"  # who has it may apply to missions before they open to everybody
_LANGUAGE = fields.Str(validate=validate.OneOf(("en", "fr")))
_NAME = validate.Regexp(
    r"^[a-z][a-z0-9_-]{0,39}$", error="Small letters, digits, - and _, beginning with a letter, please."
)
_WHOLE = validate.Range(0, 1_000_000)


@dataclass(frozen=True, slots=True)
class PlanEntitlement:
    """One thing that a plan entitles to; ``quota`` is how often a period, ``None`` for always."""

    name: str
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A premium plan of one side: ``price`` in whole units of the marketplace's currency for ``months``, before tax."""

    name: str
    side: str
    price: int
    months: int = 1
    label: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, str] = field(default_factory=dict)
    entitlements: tuple[PlanEntitlement, ...] = ()

    def label_in(self, language: str) -> str:
        """What people read."""
        return self.label.get(language) or next(iter(self.label.values()), self.name)


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """The plans, cheapest rank first as the operator orders them; days to pay a bill, and of grace after that.

    ``head_start`` are the hours after its publication in which a mission is for who has ``exclusive_missions``.
    """

    plans: tuple[Plan, ...] = ()
    due_days: int = 14
    grace_days: int = 14
    head_start: int = 0

    def plan(self, name: str) -> Plan | None:
        """The plan ``name``."""
        return next((p for p in self.plans if p.name == name), None)

    def of(self, side: str) -> tuple[Plan, ...]:
        """The plans of one side, in their order: a later one is an upgrade of an earlier one."""
        return tuple(p for p in self.plans if p.side == side)


@dataclass(frozen=True, slots=True)
class ExtraOffer:
    """A service beside a contract: ``bps`` of the work, never under ``least``, or a fixed ``price`` (whole units).

    ``supplier`` says who stands behind it, ``consent`` the words that are agreed to; ``taxed`` whether VAT is due.
    ``entitlement`` is what the side that orders it has for ``days`` from the signature on; '' for nothing.
    """

    name: str
    side: str
    bps: int = 0
    price: int = 0
    least: int = 0
    taxed: bool = True
    supplier: str = ""
    entitlement: str = ""
    days: int = 30
    label: Mapping[str, str] = field(default_factory=dict)
    summary: Mapping[str, str] = field(default_factory=dict)
    consent: Mapping[str, str] = field(default_factory=dict)

    def words(self, what: str, language: str) -> str:
        """``label``, ``summary`` or ``consent`` in ``language``, or in the first there is."""
        said: Mapping[str, str] = getattr(self, what)
        return said.get(language) or next(iter(said.values()), "")


def _said(longest: int, *, required: bool, label: str, help_: str = "", long: bool = False) -> fields.Dict:
    return fields.Dict(
        keys=_LANGUAGE, values=fields.Str(validate=validate.Length(1, longest), metadata={"long": long}),
        **({"required": True, "validate": validate.Length(min=1)} if required else {"load_default": dict}),
        metadata=says(label, help_),
    )  # fmt: skip


_ENTITLED = r"[a-z][a-z0-9_]{0,39}"
_ENTITLED_ERROR = "Small letters, digits and _, please."


class EntitlementTable(Strict):
    """One entry of a plan's ``entitlements``."""

    name = fields.Str(
        required=True,
        validate=validate.Regexp(rf"^{_ENTITLED}$", error=_ENTITLED_ERROR),
        metadata=says(
            N_("Entitlement"), N_("What rules of pricing ask for, as lower_commission, or placements, as visibility.")
        ),
    )
    quota = fields.Int(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 100_000),
        metadata=says(N_("How often a period"), N_("Empty: always.")),
    )  # fmt: skip


class PlanTable(Strict):
    """One ``[[subscriptions.plans]]``."""

    name = fields.Str(required=True, validate=_NAME, metadata=says(N_("Name"), N_("It stays when the words change.")))
    side = fields.Str(required=True, validate=validate.OneOf(SIDES), metadata=says(N_("For")))
    label = _said(40, required=True, label=N_("What people read"))
    summary = _said(300, required=False, label=N_("In one sentence"))
    price = fields.Int(
        required=True, strict=True, validate=_WHOLE,
        metadata=says(N_("Price"), N_("Whole units, before tax, a period.")),
    )  # fmt: skip
    months = fields.Int(
        load_default=1, strict=True, validate=validate.OneOf((1, 3, 6, 12)), metadata=says(N_("Months of a period"))
    )
    entitlements = fields.List(
        fields.Nested(EntitlementTable), load_default=list, metadata=says(N_("What it entitles to"))
    )


class SubscriptionsTable(Strict):
    """``[subscriptions]``."""

    plans = fields.List(
        fields.Nested(PlanTable), load_default=list,
        metadata=says(N_("Plans"), N_("In rising order: a later one is an upgrade. Running periods keep their terms.")),
    )  # fmt: skip
    due_days = fields.Int(
        load_default=14, strict=True, validate=validate.Range(0, 60), metadata=says(N_("Days to pay a bill"))
    )
    grace_days = fields.Int(
        load_default=14, strict=True, validate=validate.Range(0, 90),
        metadata=says(N_("Days of grace"), N_("After an unpaid bill the plan goes on so long, then it ends.")),
    )  # fmt: skip
    head_start = fields.Int(
        load_default=0, strict=True, validate=validate.Range(0, 336),
        metadata=says(N_("Hours before the others"), N_("So long after it is published, {mission.a} takes applications "
                      "only from who has exclusive_missions and from who was invited; 0: nobody comes first.")),
    )  # fmt: skip

    @validates_schema
    def _named_once(self, data: Mapping[str, Any], **_more: Any) -> None:
        _once([plan["name"] for plan in data.get("plans", ())], "plans", "plan")

    @validates_schema
    def _keeps_its_promise(self, data: Mapping[str, Any], **_more: Any) -> None:
        sold = [plan["name"] for plan in data.get("plans", ())
                if EXCLUSIVE in (e["name"] for e in plan["entitlements"])]  # fmt: skip
        if sold and not data.get("head_start"):
            raise ValidationError(f"The plan {sold[0]!r} sells {EXCLUSIVE}, and nobody comes first: say for how many "
                                  "hours, as 24.", "head_start")  # fmt: skip


class ExtraTable(Strict):
    """One ``[[extras.offers]]``."""

    name = fields.Str(required=True, validate=_NAME, metadata=says(N_("Name"), N_("It stays when the words change.")))
    side = fields.Str(required=True, validate=validate.OneOf(SIDES), metadata=says(N_("Offered to")))
    label = _said(80, required=True, label=N_("What people read"))
    summary = _said(400, required=False, label=N_("In one sentence"))
    consent = _said(1000, required=True, label=N_("What is agreed to"),
                    help_=N_("Shown beside the box that is ticked; never ticked beforehand."), long=True)  # fmt: skip
    supplier = fields.Str(load_default="", validate=validate.Length(max=160), metadata=says(N_("Who supplies it")))
    bps = fields.Int(
        load_default=0, strict=True, validate=validate.Range(0, 3000),
        metadata=says(N_("Rate in basis points"), N_("Of the work; 150 is 1.5 %.")),
    )  # fmt: skip
    least = fields.Int(load_default=0, strict=True, validate=_WHOLE, metadata=says(N_("At least"), N_("Whole units.")))
    price = fields.Int(
        load_default=0, strict=True, validate=_WHOLE, metadata=says(N_("Price"), N_("Whole units, instead of a rate."))
    )
    taxed = fields.Bool(load_default=True, metadata=says(N_("VAT is due on it"), N_("Insurance is exempt.")))
    entitlement = fields.Str(
        load_default="",
        validate=validate.Regexp(rf"^({_ENTITLED})?$", error=_ENTITLED_ERROR),
        metadata=says(N_("What it entitles to"), N_("As a plan would, such as visibility; empty: nothing.")),
    )
    days = fields.Int(
        load_default=30, strict=True, validate=validate.Range(1, 366),
        metadata=says(N_("For how many days"), N_("From the signature on; without an entitlement it says nothing.")),
    )  # fmt: skip

    @validates_schema
    def _priced(self, data: Mapping[str, Any], **_more: Any) -> None:
        if bool(data.get("bps")) == bool(data.get("price")):
            raise ValidationError("It has a rate ('bps') or a price, one of the two.", "price")


class ExtrasTable(Strict):
    """``[extras]``."""

    offers = fields.List(
        fields.Nested(ExtraTable), load_default=list,
        metadata=says(N_("Services"), N_("Insurance, legal help, training: ordered before signature, billed then.")),
    )  # fmt: skip

    @validates_schema
    def _named_once(self, data: Mapping[str, Any], **_more: Any) -> None:
        _once([offer["name"] for offer in data.get("offers", ())], "offers", "service")


def _once(names: list[str], key: str, what: str) -> None:
    doubled = next((n for n in names if names.count(n) > 1), None)
    if doubled:
        raise ValidationError(f"Two of them are called {doubled!r}; each {what} needs a name of its own.", key)


def subscriptions(loaded: Mapping[str, Any]) -> Subscriptions:
    """The settings of ``[subscriptions]`` from its checked table."""
    plans = tuple(
        Plan(**{**plan, "entitlements": tuple(PlanEntitlement(**e) for e in plan["entitlements"])})
        for plan in loaded["plans"]
    )
    return Subscriptions(plans, loaded["due_days"], loaded["grace_days"], loaded["head_start"])


def extras(loaded: Mapping[str, Any]) -> tuple[ExtraOffer, ...]:
    """The offers of ``[extras]`` from its checked table."""
    return tuple(ExtraOffer(**offer) for offer in loaded["offers"])
