"""What people type of an offer."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema

from marketwright.features.proposals.offers import MOST_LINES, Offer, OfferLine, days_line
from marketwright.features.proposals.periods import spread, wrong_with
from marketwright.features.proposals.service import LONGEST_NOTE, LONGEST_REASON, MOST_DAYS
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.money import MAX_MINOR, Money, exponent
from marketwright.kernel.text import N_, say
from marketwright.web.fields import DateField, DaysField, IntField, MoneyField, TextField
from marketwright.web.formats import show_date, show_money, show_number
from marketwright.web.i18n import gettext


def line_schema(currency: str) -> Schema:
    """One line: a title, and either days with a price a day, or a fixed amount."""

    class LineSchema(Schema):
        title = TextField(required=True, longest=160)
        days = DaysField()
        rate = MoneyField(currency, most=MAX_MINOR // 10_000)
        amount = MoneyField(currency, most=MAX_MINOR // 100)
        due = DateField()
        detail = TextField(longest=1000, lines=True)

        @validates_schema
        def _priced(self, data: Mapping[str, Any], **_more: Any) -> None:
            days, rate, amount = (data.get(name) for name in ("days", "rate", "amount"))
            if amount is None and days is None and rate is None:
                raise ValidationError(say("Give days and a price a day, or an amount for the whole line."), "amount")
            if amount is None and days is None:
                raise ValidationError(say("How many days at this price?"), "days")
            if amount is None and rate is None:
                raise ValidationError(say("What does one day cost? Or give an amount for the whole line."), "rate")
            if amount is not None and rate is not None:
                raise ValidationError(
                    say("Give a price a day or an amount for the whole line, not both."), "amount"
                )

    return LineSchema()


def offer_schema(currency: str, asked: Mapping[str, fields.Field[Any]] = MappingProxyType({})) -> Schema:
    """An offer: lines, start, how long it stands, a note, the course of the deal, what its deliverables ask for."""
    return Schema.from_dict(
        {
            **asked,
            "lines": fields.List(fields.Nested(line_schema(currency)), load_default=list),
            "start_on": DateField(),
            "valid_days": IntField(least=1, most=MOST_DAYS),
            "note": TextField(longest=LONGEST_NOTE, lines=True),
            "process": TextField(longest=80),
            "every": TextField(longest=10),
        }
    )()


class CodeSchema(Schema):
    """A code for one's own side's fee."""

    code = TextField(longest=60, required=True)


class DeclineSchema(Schema):
    """Why an offer is declined."""

    reason = TextField(longest=LONGEST_REASON, lines=True, required=True)


class WithdrawSchema(Schema):
    """Why an offer is taken back, if somebody wants to say."""

    reason = TextField(longest=LONGEST_REASON, lines=True)


def offer_of(value: Mapping[str, Any], *, by_day: bool = False) -> Offer:
    """The offer that a valid form means; ``by_day`` cuts its lines into periods of a month, or a week.

    ``InvalidInput`` for an offer by the day that lacks what it takes.
    """
    lines = tuple(_line(row) for row in value["lines"][: MOST_LINES + 1])
    offer = Offer(lines, value.get("note") or "", value.get("start_on"), value.get("valid_days") or 0)
    if not by_day:
        return offer
    wrong = wrong_with(offer)
    if wrong:
        raise InvalidInput(wrong)
    every = "week" if value.get("every") == "week" else "month"

    def name(line: OfferLine, first: date, last: date) -> str:
        when = show_date(first, "LLLL y") if every == "month" else gettext(
            N_("%(first)s to %(last)s"), first=show_date(first, "d MMM"), last=show_date(last))  # fmt: skip
        return f"{line.title[:120]}, {when}"

    return spread(offer, every, name)


def _line(row: Mapping[str, Any]) -> OfferLine:
    amount, rate, days = row.get("amount"), row.get("rate"), row.get("days")
    if amount is None and days is not None and rate is not None:
        return days_line(row["title"], days, rate.amount, row.get("due"), row.get("detail") or "")
    return OfferLine(
        row["title"], amount.amount if amount is not None else 0, days, rate.amount if rate is not None else None,
        row.get("due"), row.get("detail") or "",
    )  # fmt: skip


def typed(offer: Offer, currency: str) -> dict[str, Any]:
    """``offer`` as the form shows it: amounts and dates as one would type them."""
    return {
        "lines": [
            {
                "title": line.title, "days": "" if line.days is None else show_number(line.days),
                "rate": _amount(line.rate, currency), "detail": line.detail,
                "amount": "" if line.rate is not None else _amount(line.amount, currency),
                "due": line.due.isoformat() if line.due else "",
            }
            for line in offer.lines
        ],
        "start_on": offer.start_on.isoformat() if offer.start_on else "",
        "note": offer.note,
    }  # fmt: skip


def _amount(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    text = show_money(Money(minor, currency), plain=True)
    digits = exponent(currency)
    return text[: -digits - 1] if digits and not minor % 10**digits else text
