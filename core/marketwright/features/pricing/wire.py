"""Quotes as JSON, exact both ways: what is stored with a round, a contract, a document."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marketwright.kernel.money import Money
from marketwright.strategies.pricing import (
    Deal,
    Extra,
    Line,
    LineKind,
    Note,
    Override,
    Param,
    Part,
    Party,
    Quote,
    Voucher,
)

VERSION = 2
READ = (1, 2)  # version 1 had no categories, entitlements, vouchers, extras, notes and overrides


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
        "regime": deal.regime,
        "categories": sorted(deal.categories),
        "process": deal.process,
        "vouchers": [_voucher_to_json(v) for v in deal.vouchers],
        "extras": [
            {"name": e.name, "side": e.side, "label": e.label, "amount": e.amount.amount, "taxed": e.taxed}
            for e in deal.extras
        ],
        "client": _party_to_json(deal.client),
        "freelancer": _party_to_json(deal.freelancer),
        "parts": [{"title": p.title, "work": p.work.amount} for p in deal.parts],
        "lines": [_line_to_json(line) for line in quote.lines],
    }


def quote_from_json(data: Mapping[str, Any]) -> Quote:
    """The quote that :func:`quote_to_json` wrote; ``ValueError`` for another shape."""
    if data.get("version") not in READ:
        msg = f"a stored quote of version {data.get('version')!r} cannot be read"
        raise ValueError(msg)
    currency = str(data["currency"])
    first = data["first_contract"]
    deal = Deal(
        currency=currency, parts=tuple(Part(p["title"], Money(p["work"], currency)) for p in data["parts"]),
        client=_party(data["client"]), freelancer=_party(data["freelancer"]), on=date.fromisoformat(data["on"]),
        own_network=data["own_network"], first_contract=date.fromisoformat(first) if first else None,
        cumulated=data["cumulated"], marketplace=data["marketplace"], regime=data.get("regime", ""),
        categories=frozenset(data.get("categories", ())), process=data.get("process", ""),
        vouchers=tuple(_voucher(v, currency) for v in data.get("vouchers", ())),
        extras=tuple(
            Extra(e["name"], e["side"], e["label"], Money(e["amount"], currency), e["taxed"])
            for e in data.get("extras", ())
        ),
    )  # fmt: skip
    return Quote(deal, tuple(_line(entry, currency) for entry in data["lines"]))


def _party_to_json(party: Party) -> dict[str, Any]:
    return {
        "country": party.country, "vat_regime": party.vat_regime, "vat_number": party.vat_number,
        "entitlements": sorted(party.entitlements),
    }  # fmt: skip


def _party(data: Mapping[str, Any]) -> Party:
    return Party(
        data["country"], data["vat_regime"], data["vat_number"], frozenset(data.get("entitlements", ()))
    )


def _voucher_to_json(voucher: Voucher) -> dict[str, Any]:
    return {
        "code": voucher.code, "side": voucher.side, "bps": voucher.bps,
        "amount": voucher.amount.amount if voucher.amount else None,
        "override": override_to_json(voucher.override),
    }  # fmt: skip


def _voucher(data: Mapping[str, Any], currency: str) -> Voucher:
    amount = data["amount"]
    return Voucher(
        data["code"], data["side"], data["bps"], None if amount is None else Money(amount, currency),
        override_from_json(data["override"]),
    )  # fmt: skip


def override_to_json(override: Override | None) -> dict[str, str] | None:
    """A signed exception as plain values; ``None`` where there is none."""
    if override is None:
        return None
    return {"by": override.by, "on": override.on.isoformat(), "why": override.why}


def override_from_json(data: Mapping[str, str] | None) -> Override | None:
    """What :func:`override_to_json` wrote."""
    return None if data is None else Override(data["by"], date.fromisoformat(data["on"]), data["why"])


def _line_to_json(line: Line) -> dict[str, Any]:
    return {
        "kind": str(line.kind), "label": line.label, "amount": line.amount.amount, "part": line.part,
        "rule": line.rule, "why": line.why, "bps": line.bps,
        "params": _params_to_json(line.params),
        "notes": [{"text": note.text, "params": _params_to_json(note.params), "bps": note.bps} for note in line.notes],
        "override": override_to_json(line.override),
    }  # fmt: skip


def _params_to_json(params: Mapping[str, Param]) -> dict[str, Any]:
    return {name: param_to_json(value) for name, value in params.items()}


def _line(data: Mapping[str, Any], currency: str) -> Line:
    return Line(
        LineKind(data["kind"]), data["label"], Money(data["amount"], currency), data["part"], data["rule"],
        data["why"], data["bps"], _params(data["params"]),
        tuple(Note(note["text"], _params(note["params"]), note["bps"]) for note in data.get("notes", ())),
        override_from_json(data.get("override")),
    )  # fmt: skip


def _params(data: Mapping[str, Any]) -> dict[str, Param]:
    return {name: param_from_json(value) for name, value in data.items()}


def param_to_json(value: Param) -> Any:
    """A parameter of a sentence as JSON keeps it."""
    if isinstance(value, Money):
        return {"minor": value.amount, "currency": value.currency}
    return {"date": value.isoformat()} if isinstance(value, date) else value


def param_from_json(value: Any) -> Param:
    """The parameter that :func:`param_to_json` wrote."""
    if isinstance(value, Mapping):
        return Money(value["minor"], value["currency"]) if "minor" in value else date.fromisoformat(value["date"])
    return value if isinstance(value, int) else str(value)
