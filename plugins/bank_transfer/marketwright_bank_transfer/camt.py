"""Statements as ISO 20022 XML: camt.053 (statement), camt.052 (report) and camt.054 (notice), every version. Pure.

No document type, entity or outside reference is let through; namespaces matter only for the kind and version.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from marketwright.plugin import MAX_MINOR, BadAmount, Money, exponent, say
from marketwright_bank_transfer.statement import (
    AHEAD,
    FURTHEST,
    MOST_PROBLEMS,
    Entry,
    Problem,
    Statement,
    Unreadable,
    refuse,
    tidy,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KIND = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt\.05[234])\.001\.(\d{2})\}Document")
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,5})?", re.ASCII)
_NO_ID = frozenset({"NONREF", "NOREF", "NOTPROVIDED", "NOTAVAILABLE"})
DEEPEST = 40  # elements within each other: the format has about fifteen


class _Wrong(ValueError):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem.says))


def read_camt(data: bytes, *, today: date, most: int) -> Statement:
    """The incoming payments of ``data``; :class:`Unreadable` names each entry that is wrong by its place."""
    root = _parse(data)
    kind = _KIND.fullmatch(root.tag)
    if kind is None:
        raise refuse(say(
            "This XML is no bank statement: camt.053 was expected, and this is “%(what)s”.",
            what=tidy(root.tag.rpartition("}")[2], 60),
        ))  # fmt: skip
    entries: list[Entry] = []
    problems: list[Problem] = []
    outgoing = pending = 0
    accounts: dict[str, None] = {}
    for number, (account, entry) in enumerate(_entries(root), start=1):
        if number > most:
            raise refuse(say("More than %(n)s entries. Export a shorter period.", n=most))
        accounts[account] = None
        if not _booked(entry):
            pending += 1
            continue
        try:
            found = _read(entry, number, today)
        except _Wrong as error:
            problems.append(error.problem)
            if len(problems) >= MOST_PROBLEMS:
                break
            continue
        outgoing += not found
        come = [e for e in found if e.booked_on <= today + AHEAD]
        pending += len(found) > len(come)
        entries += come
    if problems:
        raise Unreadable(problems)
    named = [a for a in accounts if a]
    return Statement(f"{kind[1]}.001.{kind[2]}", named[0] if len(named) == 1 else "", tuple(entries), outgoing, pending)


def _parse(data: bytes) -> "Element":
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise refuse(say("It declares a document type or entities, which no bank statement does.")) from error
    except ParseError as error:
        line = error.position[0]
        raise refuse(say("The XML breaks off or is not well formed here."), line) from error
    except (LookupError, ValueError) as error:
        raise refuse(say("The XML names an encoding that cannot be read.")) from error
    depth, level = 0, [root]
    while level:
        depth += 1
        if depth > DEEPEST:
            raise refuse(say("Its elements lie too deep within each other for a bank statement."))
        level = [child for one in level for child in one]
    return root


def _name(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: "Element", *path: str) -> Iterator["Element"]:
    """Every descendant by that path of local names."""
    if not path:
        yield element
        return
    for child in element:
        if _name(child) == path[0]:
            yield from _children(child, *path[1:])


def _text(element: "Element", *paths: str) -> str:
    """The first text at one of the paths (``A/B/C``), or ''."""
    for path in paths:
        for found in _children(element, *path.split("/")):
            if found.text and found.text.strip():
                return found.text.strip()
    return ""


def _entries(root: "Element") -> Iterator[tuple[str, "Element"]]:
    for message in root:
        for statement in message:
            if _name(statement) in ("Stmt", "Rpt", "Ntfctn"):
                account = _text(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id")
                for entry in _children(statement, "Ntry"):
                    yield tidy(account, 34), entry


def _booked(entry: "Element") -> bool:
    return _text(entry, "Sts/Cd", "Sts/Prtry", "Sts") in ("BOOK", "")


def _read(entry: "Element", number: int, today: date) -> list[Entry]:
    """The payments of one entry: itself, or the parts of a batch where they are told apart; none when it went out."""
    whole = _amount(entry, number, "Amt")
    if whole is None:
        raise _Wrong(Problem(number, say("The entry has no amount.")))
    side = _text(entry, "CdtDbtInd")
    if side not in ("CRDT", "DBIT"):
        raise _Wrong(Problem(number, say("The entry does not say whether it is a credit or a debit.")))
    day = _day(entry, number, today)
    if side == "DBIT" or not whole.amount or _text(entry, "RvslInd") in ("true", "1"):
        return []
    details = list(_children(entry, "NtryDtls", "TxDtls"))
    parts = [_amount(d, number, "Amt", "AmtDtls/TxAmt/Amt") for d in details]
    told = [p for p in parts if p is not None and p.currency == whole.currency]
    bank_id = _id(entry, "AcctSvcrRef")
    if len(details) > 1 and len(told) == len(details) and sum(p.amount for p in told) == whole.amount:
        return [
            _payment(entry, d, p, (number, day, _id(d, "Refs/AcctSvcrRef", "Refs/TxId")))
            for d, p in zip(details, told, strict=True) if p.amount
        ]  # fmt: skip
    single = details[0] if len(details) == 1 else None
    if single is not None:
        bank_id = bank_id or _id(single, "Refs/AcctSvcrRef", "Refs/TxId")
    return [_payment(entry, single, whole, (number, day, bank_id), details)]


def _id(element: "Element", *paths: str) -> str:
    """The bank's own id of a payment, or '' where it says that it has none. ``NtryRef`` may count from 1 a file."""
    found = _text(element, *paths)
    return "" if found.upper() in _NO_ID else found


def _payment(
    entry: "Element", details: "Element | None", amount: Money, where: tuple[int, date, str],
    batch: "list[Element] | None" = None,
) -> Entry:  # fmt: skip
    number, day, bank_id = where
    of = details if details is not None else entry
    sources = [details] if details is not None else (batch or [])
    texts = [t.text or "" for d in sources for t in _children(d, "RmtInf", "Ustrd")]
    texts += [_text(d, "AddtlTxInf") for d in sources] + [_text(entry, "AddtlNtryInf")]
    references = [_text(d, "RmtInf/Strd/CdtrRefInf/Ref") for d in sources]
    if details is not None:
        ends = _text(details, "Refs/EndToEndId")
        texts.append(ends if ends != "NOTPROVIDED" else "")
    payer = _text(of, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm", "RltdPties/UltmtDbtr/Nm",
                  "RltdPties/UltmtDbtr/Pty/Nm")  # fmt: skip
    return Entry(
        number, day, amount, tidy(payer, 140), tidy(" ".join(t for t in texts if t)),
        tidy(" ".join(r for r in references if r), 160), tidy(bank_id, 80), bool(bank_id),
    )  # fmt: skip


def _amount(element: "Element", number: int, *paths: str) -> Money | None:
    for path in paths:
        for found in _children(element, *path.split("/")):
            return _money((found.text or "").strip(), found.get("Ccy", ""), number)
    return None


def _money(text: str, currency: str, number: int) -> Money:
    try:
        digits = exponent(currency)
    except BadAmount:
        raise _Wrong(Problem(number, say("“%(what)s” is no currency.", what=tidy(currency, 20)))) from None
    try:
        if not _NUMBER.fullmatch(text):
            raise InvalidOperation
        scaled = Decimal(text).scaleb(digits)
        if scaled != scaled.to_integral_value() or scaled > MAX_MINOR:
            raise InvalidOperation
    except InvalidOperation:
        what = say("“%(what)s” is no amount in %(currency)s.", what=tidy(text, 30), currency=currency)
        raise _Wrong(Problem(number, what)) from None
    return Money(int(scaled), currency)


def _day(entry: "Element", number: int, today: date) -> date:
    given = _text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    try:
        found = date.fromisoformat(given[:10])
    except ValueError:
        raise _Wrong(Problem(number, say("“%(what)s” is no date.", what=tidy(given, 30)))) from None
    if found > today + FURTHEST:
        raise _Wrong(Problem(number, say("%(day)s has not come yet.", day=found.isoformat())))
    return found
