"""What the operator decides of core's own courses: what calling off costs, and when people are reminded."""

from marshmallow import ValidationError, fields, validate

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.strict import Strict, says


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Who calls ``process`` off ``notice_days`` before its start leaves the freelancer so much of the price."""

    process: str
    notice_days: int
    freelancer_bps: int


class CancellationTable(Strict):
    """One ``[[deal.cancellation]]``."""

    process = fields.Str(
        required=True, validate=validate.Length(1, 40),
        metadata=says(N_("Course of a deal"), N_("One of core’s own that can be called off before its start.")),
    )  # fmt: skip
    notice_days = fields.Int(
        required=True, strict=True, validate=validate.Range(0, 365),
        metadata=says(N_("Days before the start"), N_("That many, or more. 0: until the day before it begins.")),
    )  # fmt: skip
    freelancer_bps = fields.Int(
        required=True, strict=True, validate=validate.Range(0, 10_000),
        metadata=says(N_("What the {freelancer} keeps"), N_("Of the price, in basis points: 2000 is 20 %.")),
    )  # fmt: skip


def no_day_twice(rows: list[dict[str, object]]) -> None:
    """Refuse two rules of one course for the same days."""
    seen: set[tuple[object, object]] = set()
    for row in rows:
        one = row["process"], row["notice_days"]
        if one in seen:
            raise ValidationError(f"Two rules of {one[0]!r} are about {one[1]} days; one can be.")
        seen.add(one)


def reminders(days: list[int]) -> None:
    """Refuse a day that stands twice."""
    if len(set(days)) != len(days):
        raise ValidationError("Each day once, please.")


def cancellations(rows: list[dict[str, object]]) -> tuple[Cancellation, ...]:
    """The rules as the settings name them, of each course the longest notice first."""
    found = [Cancellation(**row) for row in rows]  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda rule: (rule.process, -rule.notice_days)))


CANCELLATION = fields.List(
    fields.Nested(CancellationTable), load_default=list, validate=no_day_twice,
    metadata=says(N_("What calling off costs"), N_("Empty: as each course says. Rules of a course replace its own."),
                  deals=True),
)  # fmt: skip
REMIND_DAYS = fields.List(
    fields.Int(strict=True, validate=validate.Range(-90, 90)), load_default=list, validate=reminders,
    metadata=says(
        N_("Days before a deadline on which people are reminded"),
        N_("One a line; below zero: after it, where nothing happens by itself. Empty: as each course says."),
        deals=True,
    ),
)  # fmt: skip
