"""Addresses of pages, made ready when they are needed, and once in a process however often a site is built anew."""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.converters import DEFAULT_CONVERTERS
from werkzeug.routing.rules import RulePart

from marketwright.kernel.frozen import dataclass

Build = Callable[..., tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Parsed:
    """What werkzeug finds in one address: nothing in it belongs to the application that asked first."""

    parts: tuple[RulePart, ...]
    trace: tuple[tuple[bool, str], ...]
    converters: dict[str, BaseConverter]


_parsed: dict[str, _Parsed] = {}
_built: dict[tuple[str, bool], Build] = {}


class LateRule(Rule):
    """A rule whose builders of addresses are compiled when the first address is built: most never are in a process.

    Parsing and compiling cost a tenth of a second for all pages of a site; a site that is built anew spares it.
    """

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        if self.map.converters != DEFAULT_CONVERTERS:
            yield from super()._parse_rule(rule)
            return
        known = _parsed.get(rule)
        if known is None:
            begins, others = len(self._trace), set(self._converters)
            parts = tuple(super()._parse_rule(rule))
            own = {name: it for name, it in self._converters.items() if name not in others}
            _parsed[rule] = _Parsed(parts, tuple(self._trace[begins:]), own)
            yield from parts
            return
        self._trace.extend(known.trace)
        self._converters.update(known.converters)
        self.arguments.update(known.converters)
        yield from known.parts

    def _compile_builder(self, append_unknown: bool = True) -> Build:  # noqa: FBT001, FBT002  werkzeug's signature
        compiled: list[Build] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(self._builder(append_unknown))
            return compiled[0](rule, **values)

        return build

    def _builder(self, append_unknown: bool) -> Build:  # noqa: FBT001
        if self.defaults or self.subdomain or self.host or not self.merge_slashes:
            return super()._compile_builder(append_unknown)
        key = self.rule, append_unknown
        if key not in _built:
            _built[key] = super()._compile_builder(append_unknown)
        return _built[key]
