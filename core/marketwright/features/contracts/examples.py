"""What deliverables give as their example: rehearsals and golden deals agree on it and hand it over."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from marketwright.features.contracts.handed import HandedOver, read_back, weighed
from marketwright.features.proposals.agreed import Agreed
from marketwright.hooks.deliverables import DELETE_ON
from marketwright.hooks.manager import Entry, Plugins
from marketwright.strategies.deliverables import Deliverable, Handed

KEPT = timedelta(days=400)


def agreed_examples(plugins: Plugins, deliverables: Sequence[str], today: date) -> Agreed:
    """What a proposal in a course with ``deliverables`` says of them."""
    found: Agreed = {}
    for name in deliverables:
        entry = plugins.deliverables[name]
        agreed = dict(entry.ask("example", lambda d: d.example())[0])
        if entry.it.sealed:
            agreed[DELETE_ON] = (today + KEPT).isoformat()
        if agreed:
            found[name] = agreed
    return found


def handed_example(
    entry: Entry[Deliverable], agreed: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> HandedOver:
    """Its example handed over; the rows that ``before`` (the body of an earlier delivery) leaves are answered alike."""
    handed = entry.ask("example", lambda d: d.example())[1]
    if before is not None and entry.it.follows:
        body = read_back(before)
        carried = entry.ask("carried", lambda d: d.carried(body))
        handed = Handed(handed.values, {**handed.rows, **{
            one.name: tuple(_answered(row, handed.rows.get(one.name, ())) for row in carried.get(one.name, ()))
            for one in entry.it.rows if one.fixed
        }})  # fmt: skip
    return weighed(entry, agreed, handed)


def _answered(row: Mapping[str, Any], examples: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {**(examples[0] if examples else {}), **row}
