"""Amounts and dates as banks write them: the sign and the order that a whole column agrees on. Pure."""

import re
from collections.abc import Iterable
from datetime import date

from marketwright.plugin import MAX_MINOR, N_, exponent

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€$£])|(?:[A-Z]{3}|[€$£])$")
_SIGNS = {"€": "EUR", "£": "GBP", "$": ""}
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<body>\d[\d.,]*)(?P<after>-?)", re.ASCII)
_OTHER = {",": ".", ".": ","}
_EITHER = "?"
_GROUPED = {sign: re.compile(rf"[1-9]\d{{0,2}}(?:{re.escape(sign)}\d{{3}})+", re.ASCII) for sign in _OTHER}
_DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[T ].*)?", re.ASCII)
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
EARLIEST = 1990


def bare(text: str, *, currency: bool = False) -> str:
    """``text`` without spaces, with a plain minus, and without its ``currency`` unless that is wanted."""
    found = _SPACES.sub("", text).replace("\u2212", "-").replace("\u2013", "-")
    if found.startswith("(") and found.endswith(")"):
        found = f"-{found[1:-1]}"
    sign = found[0] if found[:1] in "+-" and found else ""
    return found if currency else sign + _CURRENCY.sub("", found[len(sign):])


def currency_of(text: str) -> str:
    """The currency that an amount is written with, or ''; a dollar is that of many countries."""
    found = _CURRENCY.search(bare(text, currency=True).strip("+-"))
    return _SIGNS.get(found[0], found[0]) if found else ""


def decimal_sign(values: Iterable[tuple[str, int]]) -> str:
    """``,`` or ``.``: what parts the decimals of a column of amounts, each with the digits that its currency has.

    Raises ``ValueError`` where values contradict each other, or where one reads either way and no other decides.
    """
    shown = [(bare(text).strip("+-"), digits) for text, digits in values]
    found = {sign for text, _digits in shown if (sign := _proof(text))}
    found = found or {sign for text, digits in shown if (sign := _hint(text, digits))}
    if len(found - {_EITHER}) > 1:
        msg = N_("some amounts part the decimals with a comma, others with a point")
        raise ValueError(msg)
    if found == {_EITHER}:
        msg = N_("the sign in the amounts may part thousands or decimals, and no amount tells which")
        raise ValueError(msg)
    return next(iter(found - {_EITHER}), ".")


def _proof(text: str) -> str:
    """The decimal sign that ``text`` proves in every currency, or ''."""
    comma, point = text.rfind(","), text.rfind(".")
    if comma >= 0 and point >= 0:
        return "," if comma > point else "."
    sign = "," if comma >= 0 else "."
    count = text.count(sign)
    if count > 1:
        return _OTHER[sign]
    return sign if count and not _GROUPED[sign].fullmatch(text) else ""


def _hint(text: str, digits: int) -> str:
    """What ``text`` says that has one sign before three digits: decimals alone are no longer than its currency's."""
    sign = next((s for s in _OTHER if s in text), "")
    if not sign:
        return ""
    return _EITHER if digits == 3 else _OTHER[sign]


def minor_units(text: str, sign: str, currency: str) -> int:
    """``text`` in minor units of ``currency``, its decimals parted by ``sign``; ``ValueError`` says what is wrong."""
    match = _NUMBER.fullmatch(bare(text))
    if match is None or (match["sign"] and match["after"]):
        msg = N_("no amount")
        raise ValueError(msg)
    whole, parted, decimals = match["body"].partition(sign)
    other = _OTHER[sign]
    if other in decimals or (other in whole and not _GROUPED[other].fullmatch(whole)):
        msg = N_("no amount")
        raise ValueError(msg)
    digits = exponent(currency)
    if len(decimals) > digits or sign in decimals or (parted and not digits):
        msg = N_("too many decimals")
        raise ValueError(msg)
    amount: int = int(whole.replace(other, "")) * 10**digits + int(decimals.ljust(digits, "0") or 0)
    if amount > MAX_MINOR:
        msg = N_("too large")
        raise ValueError(msg)
    return -amount if "-" in (match["sign"], match["after"]) else amount


def month_first(values: Iterable[str]) -> bool:
    """Whether a column of dates names the month before the day; ``ValueError`` where they contradict each other."""
    found = [m for m in (_DATE.fullmatch(v.strip()) for v in values) if m and len(m[1]) < 3]
    day, month = any(int(m[1]) > 12 for m in found), any(int(m[2]) > 12 for m in found)
    if day and month:
        msg = N_("some dates name the day first, others the month")
        raise ValueError(msg)
    return month


def day_of(text: str, *, months_first: bool) -> date:
    """The day that ``text`` names; ``ValueError`` for none."""
    given = text.strip()
    plain = _PLAIN.fullmatch(given)
    match = plain or _DATE.fullmatch(given)
    if match is None:
        msg = N_("no date")
        raise ValueError(msg)
    first, second, third = (int(p) for p in match.groups()[:3])
    if plain or len(match[1]) == 4:
        found = date(first, second, third)
    else:
        year = third if len(match[3]) == 4 else 2000 + third
        found = date(year, first, second) if months_first else date(year, second, first)
    if found.year < EARLIEST:
        msg = N_("no date")
        raise ValueError(msg)
    return found
