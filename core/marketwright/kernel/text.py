"""Sentences for people that are translated late: the template stays with its parameters."""

from typing import Any

from marketwright.kernel.terms import plain


class Text(str):
    """An English sentence that remembers its template and parameters, so that a page can translate it."""

    __slots__ = ("params", "template")

    template: str
    params: dict[str, Any]

    def __new__(cls, template: str, params: dict[str, Any]) -> "Text":
        """The filled English sentence, with its parts."""
        english = plain(template)
        self = super().__new__(cls, english % params if params else english)
        self.template, self.params = template, params
        return self


def say(template: str, **params: Any) -> Text:
    """A sentence for people: ``template`` has ``%(name)s`` places that ``params`` fill."""
    return Text(template, params)


def N_(template: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark a message for translation without translating it here."""
    return template
