"""Every refusal of marketwright.

    MarketwrightError
    ├── InvalidInput          422  a field, file or key is wrong; names it and the fix
    ├── NotAllowed            403  the actor may not do this
    ├── NotFound              404  nothing there, or nothing the actor may know of
    ├── Conflict              409  the state has moved on; names the state and what is allowed
    │   └── Overtaken         409  what was typed was changed meanwhile; names the parts
    ├── GateClosed            403  a gate asks for checks that are missing; lists them
    ├── Unavailable           503  something outside does not answer; nothing was changed
    ├── BrokenInvariant       500  a rule of the ledger or a deal would be broken; nothing was changed
    ├── BadSetting                 marketplace.toml or the environment; stops the start
    └── PluginFailed               a plugin raised, hung or answered nonsense; carries its name

``code`` is stable and meant for machines, ``message`` is a sentence for people, ``params`` fills it in
(so that the page can translate the sentence first and fill it afterwards).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.terms import plain


class MarketwrightError(Exception):
    """The root of all refusals: a code, a sentence, its parameters and the HTTP status it becomes."""

    status = 500

    def __init__(self, message: str, *, code: str = "", **params: Any) -> None:
        self.template = message
        self.params = params
        self.code = code or type(self).__name__
        english = plain(message)
        super().__init__(english % params if params else english)

    @property
    def message(self) -> str:
        """The sentence, filled in, in English."""
        return str(self)


class InvalidInput(MarketwrightError):
    """A field, file or key is wrong: ``errors`` maps its name to sentences that say the fix."""

    status = 422

    def __init__(self, errors: Mapping[str, Sequence[str]] | str, *, code: str = "", **params: Any) -> None:
        if isinstance(errors, str):
            errors = {"": [errors % params if params else errors]}
        self.errors: dict[str, list[str]] = {k: list(v) for k, v in errors.items()}
        first = next((m for ms in self.errors.values() for m in ms), "The input is not valid.")
        super().__init__(first, code=code)


class NotAllowed(MarketwrightError):
    """The actor is known and may not do this."""

    status = 403


class NotFound(MarketwrightError):
    """Nothing there, or nothing that this actor may know of."""

    status = 404


class Conflict(MarketwrightError):
    """The thing is in another state by now: ``state`` and ``allowed`` say which and what can be done."""

    status = 409

    def __init__(
        self, message: str, *, state: str = "", allowed: Sequence[str] = (), code: str = "", **params: Any
    ) -> None:
        self.state, self.allowed = state, tuple(allowed)
        super().__init__(message, code=code, **params)


class Overtaken(Conflict):
    """Somebody saved meanwhile: ``parts`` both changed, ``taken`` the others alone. Nothing was written."""

    def __init__(self, parts: Sequence[str], taken: Sequence[str] = ()) -> None:
        self.parts, self.taken = tuple(parts), tuple(taken)
        super().__init__("This was changed while you were writing. Look at what is there now, then save again.",
                         state="changed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Missing:
    """One check that a gate still asks for: its name, a sentence, and where to get it (a path)."""

    check: str
    label: str
    how: str = ""
    href: str = ""


class GateClosed(MarketwrightError):
    """A gate asks for checks that are missing; ``missing`` lists them with the way to get each."""

    status = 403

    def __init__(self, gate: str, missing: Sequence[Missing]) -> None:
        self.gate, self.missing = gate, tuple(missing)
        what = ", ".join(m.label for m in missing)
        super().__init__("Something is missing before this can be done: %(what)s.", what=what)


class Unavailable(MarketwrightError):
    """Something outside does not answer; nothing was changed."""

    status = 503


class BrokenInvariant(MarketwrightError):
    """A rule of the ledger or of a deal would be broken (``code`` is its id, as ``L1``); nothing was changed."""


class BadSetting(MarketwrightError):
    """marketplace.toml, a plugin or the environment is wrong: ``where`` names file and key, ``fix`` the way out.

    ``errors`` holds every mistake by its dotted key, where keys are known (``marketplace.name``).
    """

    def __init__(
        self, message: str, *, where: str, fix: str = "", key: str = "",
        errors: Mapping[str, Sequence[str]] | None = None,
    ) -> None:  # fmt: skip
        self.sentence, self.where, self.fix = message, where, fix
        self.errors: dict[str, list[str]] = {k: list(v) for k, v in (errors or {}).items()}
        if key:
            self.errors.setdefault(key, [f"{message} {fix}".strip()])
        text = f"{where}: {message}" + (f" {fix}" if fix else "")
        super().__init__(text)


class PluginFailed(MarketwrightError):
    """A plugin raised, hung or answered nonsense: ``plugin`` and ``what`` name it, the cause is chained.

    ``late`` says that it did not answer in time, or was not asked since it hangs already.
    """

    status = 503

    def __init__(self, plugin: str, what: str, reason: str, *, late: bool = False) -> None:
        self.plugin, self.what, self.reason, self.late = plugin, what, reason, late
        super().__init__(
            "The plugin %(plugin)s failed in %(what)s: %(reason)s", plugin=plugin, what=what, reason=reason
        )


def by_key(messages: Mapping[Any, Any], above: str = "") -> dict[str, list[str]]:
    """A schema's nested messages by dotted key: ``plugin.commission.rules.0.bps``.

    What is wrong with a key of a table, or with its value, stands at that key: ``plugin.commission.rules.0.flat.XXZ``.
    """
    if above and messages.keys() <= {"key", "value"} and all(isinstance(v, list) for v in messages.values()):
        return {above: [str(said) for value in messages.values() for said in value]}
    found: dict[str, list[str]] = {}
    for key, value in messages.items():
        path = above if above and key == "_schema" else f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            found |= by_key(value, path.removesuffix(".value"))
        else:
            found[path] = [str(said) for said in value] if isinstance(value, list) else [str(value)]
    return found
