"""Drawing documents with the templates of plugins: always before a unit of work opens."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from marketwright.features.contracts.annexes import annex, papers_annex, unnamed_annex
from marketwright.features.contracts.paper import Paper, make_paper, with_clauses
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput, Unavailable
from marketwright.kernel.text import say
from marketwright.strategies.documents import ContractTemplate, Document, Section

CLAUSE = "clause:"
ANNEXES = {"agreement": (annex, papers_annex), "confidentiality": (unnamed_annex,)}  # core's own, after all clauses


def templates_of(plugins: Plugins, kind: str, language: str) -> list[Entry[ContractTemplate]]:
    """Templates of ``kind`` in ``language``, in the order of marketplace.toml."""
    return [e for e in plugins.contract_templates if e.it.kind == kind and language in e.it.languages]


def languages_of(plugins: Plugins, kind: str) -> tuple[str, ...]:
    """The languages in which a document of ``kind`` can be drawn, each once."""
    found = dict.fromkeys(lang for e in plugins.contract_templates if e.it.kind == kind for lang in e.it.languages)
    return tuple(found)


def draw(plugins: Plugins, kind: str, language: str, terms: Mapping[str, Any]) -> Paper:
    """The document of ``kind`` for ``terms``, with the clauses that other plugins add.

    Raises ``Unavailable`` where no template is installed, ``InvalidInput`` naming each missing term (by its path, as
    ``client.signatory_name``), ``PluginFailed`` for a document that is none.
    """
    found = templates_of(plugins, kind, language)
    if not found:
        raise Unavailable("No template for this document is installed in this language.")
    template = found[0]
    document = _render(template, terms, language)
    clauses = [_render(e, terms, language) for e in templates_of(plugins, CLAUSE + kind, language)]
    clauses += [one for add in ANNEXES.get(kind, ()) if (one := add(terms, language)) is not None]
    return make_paper(
        with_clauses(document, (c for c in clauses if c.sections)), kind=kind,
        template=f"{template.plugin}.{template.it.name}",
    )  # fmt: skip


def _render(entry: Entry[ContractTemplate], terms: Mapping[str, Any], language: str) -> Document:
    what = f"the template {entry.it.name}"
    missing = entry.ask(what, lambda t: _missing(t, terms))
    if missing:
        raise InvalidInput({
            path: [say("The document cannot be drawn up: %(term)s is missing (%(why)s).", term=path, why=why)]
            for path, why in missing.items()
        })  # fmt: skip
    document = entry.ask(what, lambda t: t.render(terms, language))
    if not isinstance(document, Document) or not all(isinstance(s, Section) for s in document.sections):
        raise entry.failed(what, f"it answered {type(document).__name__}, not a Document")
    if document.language != language:
        raise entry.failed(what, f"it was asked for {language} and answered in {document.language}")
    return document


def _missing(template: ContractTemplate, terms: Mapping[str, Any]) -> dict[str, str]:
    """What the template's schema finds wrong with ``terms``, by path."""
    try:
        template.terms_schema(unknown="exclude").load(dict(terms))
    except ValidationError as error:
        found: dict[str, str] = {}
        _flat(error.messages, "", found)
        return found
    return {}


def _flat(messages: Any, path: str, found: dict[str, str]) -> None:
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            _flat(value, f"{path}.{key}" if path else str(key), found)
    else:
        found[path] = " ".join(str(m) for m in messages) if isinstance(messages, list) else str(messages)
