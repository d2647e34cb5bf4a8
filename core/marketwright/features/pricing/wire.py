"""Quotes as JSON, exact both ways: what is stored with a round, a contract, a document."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketwright.kernel.money import Money
from marketwright.strategies.pricing import Deal, Line, LineKind, Param, Part, Party, Quote

VERSION = 1


def quote_to_json(quote: Quote) -> dict[str, Any]:
    """``quote`` as plain JSON values; amounts are integers of minor units of the deal's currency."""
    deal = quote.deal
    return {
        "version": VERSION,
        "currency": deal.currency,
        "on": deal.on.isoformat(),
        "own_network": deal.own_network,
        "first_contract": deal.first_contract.isoformat() if deal.first_contract else None,
        "cumulated": deal.cumulated,
        "marketplace": deal.marketplace,
        "client": _party_to_json(deal.client),
        "freelancer": _party_to_json(deal.freelancer),
        "parts": [{"title": p.title, "work": p.work.amount} for p in deal.parts],
        "lines": [_line_to_json(line) for line in quote.lines],
    }


def quote_from_json(data: Mapping[str, Any]) -> Quote:
    """The quote that :func:`quote_to_json` wrote; ``ValueError`` for another shape."""
    if data.get("version") != VERSION:
        msg = f"a stored quote of version {data.get('version')!r} cannot be read"
        raise ValueError(msg)
    currency = str(data["currency"])
    first = data["first_contract"]
    deal = Deal(
        currency=currency, parts=tuple(Part(p["title"], Money(p["work"], currency)) for p in data["parts"]),
        client=_party(data["client"]), freelancer=_party(data["freelancer"]), on=date.fromisoformat(data["on"]),
        own_network=data["own_network"], first_contract=date.fromisoformat(first) if first else None,
        cumulated=data["cumulated"], marketplace=data["marketplace"],
    )  # fmt: skip
    return Quote(deal, tuple(_line(entry, currency) for entry in data["lines"]))


def _party_to_json(party: Party) -> dict[str, str]:
    return {"country": party.country, "vat_regime": party.vat_regime, "vat_number": party.vat_number}


def _party(data: Mapping[str, str]) -> Party:
    return Party(data["country"], data["vat_regime"], data["vat_number"])


def _line_to_json(line: Line) -> dict[str, Any]:
    return {
        "kind": str(line.kind), "label": line.label, "amount": line.amount.amount, "part": line.part,
        "rule": line.rule, "why": line.why, "bps": line.bps,
        "params": {name: _param_to_json(value) for name, value in line.params.items()},
    }  # fmt: skip


def _line(data: Mapping[str, Any], currency: str) -> Line:
    return Line(
        LineKind(data["kind"]), data["label"], Money(data["amount"], currency), data["part"], data["rule"],
        data["why"], data["bps"], {name: _param(value) for name, value in data["params"].items()},
    )  # fmt: skip


def _param_to_json(value: Param) -> Any:
    if isinstance(value, Money):
        return {"minor": value.amount, "currency": value.currency}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def _param(value: Any) -> Param:
    if isinstance(value, Mapping):
        return Money(value["minor"], value["currency"]) if "minor" in value else date.fromisoformat(value["date"])
    return value if isinstance(value, int) else str(value)
