"""Addresses of pages, made ready when they are needed."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule whose builders of addresses are compiled when the first address is built: most never are in a process."""

    def _compile_builder(self, append_unknown: bool = True) -> Build:  # noqa: FBT001, FBT002  werkzeug's signature
        compiled: list[Build] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(LateRule, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return build
