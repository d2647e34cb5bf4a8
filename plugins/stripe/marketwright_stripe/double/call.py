"""One request as an endpoint sees it, and what endpoints share: lists, look-ups, expansion."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from marketwright_stripe.double.log import Log
from marketwright_stripe.double.refusals import missing

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """``params`` are checked and typed; ``account`` is the Stripe-Account header ('' for the platform)."""

    log: Log
    params: Thing
    account: str = ""
    ids: tuple[str, ...] = ()
    base: str = ""
    request_id: str = ""
    key: str = ""
    version: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """The double's clock."""
        return self.log.now()

    def need(self, kind: str, name: str, param: str = "id") -> Thing:
        """The object ``name`` of ``kind`` in this account; 404 as Stripe says it."""
        found = self.log.get(name, kind, self.account)
        if found is None:
            raise missing(kind.replace(".", "_"), name, param)
        return found


Endpoint = Callable[[Call], Thing]


def listed(
    call: Call, kind: str, url: str, keep: Callable[[Thing], bool] = lambda _: True, **having: Any
) -> Thing:  # fmt: skip
    """A page of objects of ``kind``, newest first, with Stripe's cursors and the ``created`` range.

    ``having`` are fields that must be so; those without a value were not asked for.
    """
    wanted = {name: value for name, value in having.items() if value}
    asked, cursor = call.params.get("created"), call.params.get("starting_after")
    since = (asked if isinstance(asked, int) else max(asked.get("gte", 0), asked.get("gt", 0))) if asked else 0
    below = call.log.number_of(cursor) if cursor else None
    if call.params.get("ending_before") or (cursor and below is None):
        return page(call, [t for t in call.log.all(kind, call.account, **wanted) if keep(t) and
                           _within(t["created"], call.params)], url)  # fmt: skip
    limit, found = _limit(call), list[Thing]()
    for thing in call.log.each(kind, call.account, wanted, since=since, below=below):
        if keep(thing) and _within(thing["created"], call.params):
            found.append(thing)
        if len(found) > limit:
            break
    return {"object": "list", "url": url, "has_more": len(found) > limit, "data": found[:limit]}


def _limit(call: Call) -> int:
    return min(max(int(call.params.get("limit", 10)), 1), 100)


def page(call: Call, found: list[Thing], url: str) -> Thing:
    """``found`` cut by ``limit``, ``starting_after`` and ``ending_before``."""
    ids = [t["id"] for t in found]
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    for cursor, param in ((after, "starting_after"), (before, "ending_before")):
        if cursor and cursor not in ids:
            raise missing("object", cursor, param)
    start = ids.index(after) + 1 if after else 0
    end = ids.index(before) if before else len(ids)
    limit = _limit(call)
    if before:
        start = max(start, end - limit)
    return {"object": "list", "url": url, "has_more": end - start > limit, "data": found[start:end][:limit]}


def _within(created: int, params: Thing) -> bool:
    asked = params.get("created")
    if asked is None:
        return True
    if isinstance(asked, int):
        return created == asked
    tests = {"gt": created.__gt__, "gte": created.__ge__, "lt": created.__lt__, "lte": created.__le__}
    return all(tests[name](limit) for name, limit in asked.items())


def merged(old: Thing, given: Thing) -> Thing:
    """Metadata as Stripe updates it: an empty value unsets its key."""
    return {k: v for k, v in {**old, **given}.items() if v != ""}
