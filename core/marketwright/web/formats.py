"""Numbers, dates and amounts, written and read in the reader's language and time zone."""

import math
import re
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from marketwright.kernel.money import BadAmount, Money, exponent
from marketwright.kernel.money import money as make_money
from marketwright.web.i18n import current_locale, gettext, plural_form

_zone: ContextVar[str] = ContextVar("marketwright_zone", default="Europe/Paris")
_currency: ContextVar[str] = ContextVar("marketwright_currency", default="EUR")
_BABEL = {"en": Locale("en", "GB"), "fr": Locale("fr", "FR")}
_LETTERS = re.compile(r"([A-Z]{3})(?=\d)")
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_DAY_OF_MONTH = re.compile(r"\bd(?= M)")
_KEPT = 4096  # texts of each kind: a list writes the same few numbers and days again and again


def babel_locale() -> Locale:
    """Babel's locale for the current language."""
    return _BABEL.get(current_locale(), _BABEL["en"])


def set_zone(name: str) -> None:
    """Set the reader's IANA time zone for the rest of this context."""
    _zone.set(name)


def set_currency(code: str) -> None:
    """Set the site's own currency, an ISO 4217 code, for the rest of this context."""
    _currency.set(code)


def currency_sign(code: str = "") -> str:
    """``€``, ``JPY``: what stands beside an amount in the currency ``code``, the site's own where none is said."""
    return str(get_currency_symbol(code or _currency.get(), locale=babel_locale()))


def read_moment(text: str) -> datetime:
    """``2026-06-01T14:00`` as typed in the reader's time zone, in UTC; ``ValueError`` for what is none."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(_zone.get())).astimezone(UTC)


def show_money(amount: Money, *, plain: bool = False) -> str:
    """``€1,560.00`` or ``1 560,00 €``; ``plain`` leaves the currency's sign off."""
    if plain:
        digits = exponent(amount.currency)
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return str(format_decimal(amount.decimal, format=pattern, locale=babel_locale()))
    return _parted(format_currency(amount.decimal, amount.currency, locale=babel_locale()))


def show_round_money(amount: Money) -> str:
    """The amount without minor units where they are zero: ``€890``, ``890 €``."""
    if amount.amount % 10 ** exponent(amount.currency):
        return show_money(amount)
    return _round_money(amount, current_locale())


@lru_cache(_KEPT)
def _round_money(amount: Money, code: str) -> str:
    pattern = "#,##0\u00a0¤" if code == "fr" else "¤#,##0"
    locale = _BABEL.get(code, _BABEL["en"])
    return _parted(
        format_currency(amount.decimal, amount.currency, locale=locale, currency_digits=False, format=pattern)
    )


def _parted(shown: str) -> str:
    """A currency that is written in letters stands apart from its figures: ``KWD 12.500``."""
    return _LETTERS.sub("\\1\u00a0", shown)


def show_number(value: float | Decimal) -> str:
    """A number in the reader's way."""
    return _number(value, current_locale())


@lru_cache(_KEPT, typed=True)
def _number(value: float | Decimal, code: str) -> str:
    return str(format_decimal(value, locale=_BABEL.get(code, _BABEL["en"])))


def show_days(days: float | Decimal) -> str:
    """``1 day``, ``2.5 days``, ``half a day``; ``1,5 jour``."""
    if days == Decimal("0.5"):
        return gettext("half a day")
    whole = int(days) if current_locale() == "fr" else math.ceil(days)
    return plural_form("%(n)s day", "%(n)s days", whole) % {"n": show_number(days)}


def show_percent(share: float | Decimal, digits: int = 1) -> str:
    """``0.075`` as ``7.5%`` or ``7,5 %``; no zeros behind the point."""
    pattern = "#,##0." + "#" * digits + ("%" if current_locale() == "en" else "\u00a0%")
    return str(format_percent(share, format=pattern, locale=babel_locale()))


def local(at: datetime) -> datetime:
    """``at`` in the reader's time zone."""
    return at.astimezone(ZoneInfo(_zone.get()))


def show_date(day: date | datetime, style: str = "d MMM y") -> str:
    """``12 May 2026``, ``12 mai 2026``; ``style`` is a CLDR pattern or ``short``/``medium``/``long``/``full``."""
    if isinstance(day, datetime):
        day = local(day).date()
    return _date(day, style, current_locale())


@lru_cache(_KEPT)
def _date(day: date, style: str, code: str) -> str:
    return str(format_date(day, format=_ordinal(day, style, code), locale=_BABEL.get(code, _BABEL["en"])))


def _ordinal(day: date, style: str, code: str) -> str:
    """``style`` with the first day of a month as French writes it: ``1er mai``."""
    return _DAY_OF_MONTH.sub("d'er'", style) if code == "fr" and day.day == 1 else style


def show_datetime(at: datetime, style: str = "d MMM y, HH:mm") -> str:
    """``12 May 2026, 10:14`` in the reader's time zone."""
    here = local(at)
    return str(format_datetime(here, format=_ordinal(here, style, current_locale()), locale=babel_locale()))


def show_ago(at: datetime, now: datetime | None = None) -> str:
    """``3 days ago``, ``il y a 3 jours``, ``in 2 hours``."""
    delta = at - (now or datetime.now(UTC))
    return str(format_timedelta(delta, add_direction=True, locale=babel_locale()))


def read_decimal(text: str) -> Decimal:
    """A number typed in the reader's way; raises ``ValueError``. ``1e3``, NaN and foreign digits are refused."""
    compact = _SPACES.sub("", text.strip())
    if not re.fullmatch(r"[+-]?[0-9][0-9.,]*", compact, re.ASCII):
        raise ValueError(text)
    try:
        return Decimal(_unpoint(compact))
    except InvalidOperation as error:
        raise ValueError(text) from error


def _unpoint(text: str) -> str:
    """One dot as the point, whatever was typed: what is ambiguous follows the reader's language."""
    commas, dots = text.count(","), text.count(".")
    if commas and dots:
        point = "," if text.rfind(",") > text.rfind(".") else "."
    elif commas == 1:
        grouped = current_locale() == "en" and re.fullmatch(r"[+-]?[0-9]{1,3},[0-9]{3}", text)
        point = "" if grouped else ","
    elif dots == 1:
        grouped = current_locale() == "fr" and re.fullmatch(r"[+-]?[0-9]{1,3}\.[0-9]{3}", text)
        point = "" if grouped else "."
    else:
        point = ""
    group = {",": ".", ".": ",", "": ",."}[point]
    whole, sep, rest = text.partition(point) if point else (text, "", "")
    if sep and (any(c in rest for c in ",.")):
        raise ValueError(text)
    grouped_well = re.fullmatch(rf"[+-]?[0-9]{{1,3}}([{re.escape(group)}][0-9]{{3}})+", whole)
    if any(c in whole for c in group) and not grouped_well:
        raise ValueError(text)
    for mark in group:
        whole = whole.replace(mark, "")
    return whole + ("." + rest if sep else "")


def read_money(text: str, currency: str) -> Money:
    """An amount typed in the reader's way; raises ``ValueError`` for what is not one."""
    cleaned = text.replace(currency, "").replace("€", "").replace("£", "").replace("$", "")
    try:
        return make_money(read_decimal(cleaned), currency)
    except BadAmount as error:
        raise ValueError(str(error)) from error


def example_money(currency: str) -> str:
    """An example of how the reader would type an amount."""
    return show_money(make_money("1250.50" if exponent(currency) >= 2 else "1250", currency), plain=True)


def read_date(text: str) -> date:
    """A date: ISO ``2026-05-12`` (native date inputs) or ``12/05/2026`` (day first); raises ``ValueError``."""
    compact = text.strip()
    match = re.fullmatch(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})", compact, re.ASCII)
    if match:
        return date(int(match[3]), int(match[2]), int(match[1]))
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", compact, re.ASCII):
        raise ValueError(text)
    return date.fromisoformat(compact)
