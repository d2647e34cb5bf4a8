"""Marshmallow fields that read what people type, in their language; every refusal says the fix."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, missing

from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.web.formats import example_money, read_date, read_decimal, read_money, show_money

__all__ = [
    "Checkbox", "DateField", "DaysField", "DecimalField", "IntField", "MoneyField", "OptionalText", "Secret",
    "TextField",
]  # fmt: skip

LAST = date(2149, 6, 6)  # columns of the index hold a day in 16 bits


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


class _Typed(fields.Field[Any]):
    """A field that an empty box leaves at ``load_default``, or refuses when required."""

    def deserialize(self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kw: Any) -> Any:
        """Treat a blank box as missing."""
        if _blank(value):
            if self.required:
                raise ValidationError(say("Please fill this in."))
            default = self.load_default
            return default() if callable(default) else None if default is missing else default
        return super().deserialize(value, attr, data, **kw)


class TextField(_Typed):
    """Text, stripped; ``longest`` characters at most; NUL and other control characters are refused."""

    def __init__(self, *, longest: int = 200, shortest: int = 0, lines: bool = False, **kw: Any) -> None:
        super().__init__(**({} if kw.get("required") else {"load_default": ""}) | kw)
        self.longest, self.shortest, self.lines = longest, shortest, lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> str:  # noqa: ARG002
        text = str(value).replace("\r\n", "\n").strip()
        allowed = "\n\t" if self.lines else ""
        if any(ord(c) < 32 and c not in allowed for c in text):
            raise ValidationError(say("This has characters that cannot be shown; please type it again."))
        if len(text) > self.longest:
            raise ValidationError(
                say("At most %(n)s characters, this has %(has)s.", n=self.longest, has=len(text))
            )
        if len(text) < self.shortest:
            raise ValidationError(say("At least %(n)s characters.", n=self.shortest))
        return text


OptionalText = TextField


class Secret(TextField):
    """A password or code, exactly as typed: a space before or after it belongs to it. Its reader judges its length."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> str:  # noqa: ARG002
        return str(value)


class MoneyField(_Typed):
    """An amount in ``currency``, from ``least`` to ``most`` minor units, as :class:`Money`."""

    def __init__(self, currency: str, *, least: int = 1, most: int = 10**12, **kw: Any) -> None:
        super().__init__(**kw)
        self.currency, self.least, self.most = currency, least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> Money:  # noqa: ARG002
        try:
            amount = read_money(str(value), self.currency)
        except ValueError:
            raise ValidationError(
                say("This is not an amount. Type it like %(example)s.", example=example_money(self.currency))
            ) from None
        if amount.amount < self.least:
            least = show_money(Money(self.least, self.currency))
            raise ValidationError(say("At least %(amount)s.", amount=least))
        if amount.amount > self.most:
            raise ValidationError(say("At most %(amount)s.", amount=show_money(Money(self.most, self.currency))))
        return amount


class DecimalField(_Typed):
    """A number from ``least`` to ``most``, as ``Decimal``."""

    def __init__(self, *, least: float | None = None, most: float | None = None, **kw: Any) -> None:
        super().__init__(**kw)
        self.least, self.most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> Any:  # noqa: ARG002
        try:
            number = read_decimal(str(value))
        except ValueError:
            raise ValidationError(say("This is not a number. Type it in digits, like 12."))  from None
        if self.least is not None and number < Decimal(str(self.least)):
            raise ValidationError(say("At least %(n)s.", n=self.least))
        if self.most is not None and number > Decimal(str(self.most)):
            raise ValidationError(say("At most %(n)s.", n=self.most))
        return number


class IntField(DecimalField):
    """A whole number from ``least`` to ``most``."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> int:
        number = super()._deserialize(value, attr, data, **kw)
        if number != number.to_integral_value():
            raise ValidationError(say("A whole number, please."))
        return int(number)


class DaysField(DecimalField):
    """Days of work in whole and half ones: 2, or ``Decimal("2.5")``."""

    def __init__(self, *, most: int = 1000, **kw: Any) -> None:
        super().__init__(least=0.5, most=most, **kw)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> int | Decimal:
        number = Decimal(super()._deserialize(value, attr, data, **kw))
        if number * 2 != int(number * 2):
            raise ValidationError(say("Days come in whole and half ones, like 2.5."))
        return int(number) if number == int(number) else number


class DateField(_Typed):
    """A date from ``earliest`` to ``latest``, and never after :data:`LAST`."""

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kw: Any) -> None:
        super().__init__(**kw)
        self.earliest, self.latest = earliest, latest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> date:  # noqa: ARG002
        try:
            day = read_date(str(value))
        except ValueError:
            raise ValidationError(say("This is not a date. Type it like 31/12/2026.")) from None
        if (self.earliest and day < self.earliest) or (self.latest and day > self.latest) or day > LAST:
            raise ValidationError(say("The date is out of range."))
        return day


class Checkbox(fields.Field[bool]):
    """A checkbox: absent is false."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(load_default=False, **kw)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> bool:  # noqa: ARG002
        return str(value).lower() in ("1", "on", "true", "yes")
