"""``expand[]``: ids in an answer replaced by what they name, as deep as Stripe goes."""

from typing import Any

from marketwright_stripe.double.call import Call, Thing
from marketwright_stripe.double.money import current
from marketwright_stripe.double.refusals import invalid

DEEPEST = 4


def expanded(call: Call, body: Thing) -> Thing:
    """``body`` with what ``expand`` names in place of its id."""
    for path in call.params.get("expand") or ():
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise invalid(f"You cannot expand more than {DEEPEST} levels of a property: {path}", "expand")
        body = _along(call, body, steps, path)
    return body


def _along(call: Call, thing: Any, steps: list[str], path: str) -> Any:
    if not steps or thing is None:
        return thing
    if isinstance(thing, list):
        return [_along(call, one, steps, path) for one in thing]
    first, rest = steps[0], steps[1:]
    if first not in thing:
        raise invalid(f"This property cannot be expanded ({path}).", "expand")
    found = thing[first]
    if isinstance(found, str):
        found = call.log.named(found)
        if found is None:
            raise invalid(f"This property cannot be expanded ({path}).", "expand")
        if found["object"] == "balance_transaction":
            found = current(found, call.now)
    return {**thing, first: _along(call, found, rest, path)}
