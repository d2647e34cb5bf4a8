"""Parameters as Stripe reads them: form-encoded with brackets, checked against the types that its SDK ships."""

import types
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from marketwright_stripe.double.refusals import Refused

Given = dict[str, Any]


def decode(body: str) -> Given:
    """``a[b][0]=c`` as nested dicts; lists stay dicts with numbered keys until they are checked."""
    found: Given = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        first, *rest = name.replace("]", "").split("[")
        place = found
        path = [first, *rest]
        for step in path[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise _bad(f"Invalid object: {step}", first)
        last = path[-1]
        place[last if last else str(len(place))] = value
    return found


@cache
def shape(module: str, name: str) -> tuple[Mapping[str, Any], frozenset[str]]:
    """Types and required names of the SDK's TypedDict ``name`` of ``stripe.params`` (``module`` below it, or '')."""
    cls = getattr(import_module("stripe.params" + (f".{module}" if module else "")), name)
    return _hints(cls), _required(cls)


@cache
def _hints(cls: type) -> Mapping[str, Any]:
    from stripe._request_options import RequestOptions

    hints = get_type_hints(cls, localns={"StripeContext": object, "Mapping": Mapping})
    return {k: v for k, v in hints.items() if k not in RequestOptions.__annotations__}


def _required(cls: Any) -> frozenset[str]:
    return frozenset(cls.__required_keys__) & frozenset(_hints(cls))


def check(given: Given, wanted: tuple[Mapping[str, Any], frozenset[str]], path: str = "") -> Given:
    """``given`` as typed values; raises :class:`Refused` for an unknown, missing or misshapen parameter."""
    hints, required = wanted
    for name in given:
        if name not in hints:
            full = _full(path, name)
            raise _bad(f"Received unknown parameter: {full}", full, "parameter_unknown")
    for name in sorted(required - set(given)):
        full = _full(path, name)
        raise _bad(f"Missing required param: {full}.", full, "parameter_missing")
    return {name: _value(value, hints[name], _full(path, name)) for name, value in given.items()}


def _full(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _bad(message: str, param: str, code: str = "") -> Refused:
    return Refused(400, message, param=param, code=code, kept=False)


def _value(value: Any, hint: Any, path: str) -> Any:
    origin = get_origin(hint)
    if origin is NotRequired:
        return _value(value, get_args(hint)[0], path)
    if origin in (Union, types.UnionType):
        return _one_of(value, [a for a in get_args(hint) if a is not type(None)], path)
    if origin is Literal:
        if value not in get_args(hint):
            raise _bad(f"Invalid {path}: must be one of {', '.join(map(str, get_args(hint)))}", path)
        return value
    if origin in (list, tuple):
        if not isinstance(value, dict):
            raise _bad(f"Invalid array: {path}", path)
        return [_value(v, get_args(hint)[0], f"{path}[{k}]") for k, v in value.items()]
    if origin in (dict, Mapping):
        if value == "":
            return {}
        if not isinstance(value, dict):
            raise _bad(f"Invalid object: {path}", path)
        return {k: _value(v, get_args(hint)[1], f"{path}[{k}]") for k, v in value.items()}
    if _is_shape(hint):
        if not isinstance(value, dict):
            raise _bad(f"Invalid object: {path}", path)
        return check(value, (_hints(hint), _required(hint)), path)
    return _plain(value, hint, path)


def _one_of(value: Any, hints: list[Any], path: str) -> Any:
    closed = [h for h in hints if get_origin(h) is Literal]
    if closed and isinstance(value, str):  # the SDK adds "|str" to every closed list, Stripe itself refuses
        allowed = [a for h in closed for a in get_args(h)]
        if value not in allowed and value != "":
            raise _bad(f"Invalid {path}: must be one of {', '.join(map(str, allowed))}", path)
        return value
    fits = [h for h in hints if isinstance(value, dict) == _nested(h)]
    failed: Refused | None = None
    for hint in sorted(fits or hints, key=lambda h: h is str):
        try:
            return _value(value, hint, path)
        except Refused as refused:
            failed = failed or refused
    raise failed or _bad(f"Invalid {path}", path)


def _is_shape(hint: Any) -> bool:
    return hasattr(hint, "__required_keys__")  # the SDK's come from typing_extensions, which `typing` does not know


def _nested(hint: Any) -> bool:
    return get_origin(hint) in (dict, list, tuple, Mapping) or _is_shape(hint)


def _plain(value: Any, hint: Any, path: str) -> Any:
    if isinstance(value, dict):
        if isinstance(hint, type) and hint not in (int, str, bool, float):
            return value
        raise _bad(f"Invalid string: {path}", path)
    if hint is int:
        if not value.lstrip("-").isascii() or not value.lstrip("-").isdigit():
            raise _bad(f"Invalid integer: {value}", path, "parameter_invalid_integer")
        return int(value)
    if hint is bool:
        if value not in ("true", "false"):
            raise _bad(f"Invalid boolean: {value}", path)
        return value == "true"
    if hint is float:
        return float(value)
    return value
