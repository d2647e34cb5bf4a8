"""Contract templates: documents by kind, language and jurisdiction, drawn from plain terms."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar

from marshmallow import Schema

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section: heading and paragraphs of plain text; ``rows`` is a small table or empty."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A document as structure, not markup: core escapes, lays out, hashes and keeps it.

    ``version`` is the template's version; the same terms give the same document, byte for byte.
    """

    title: str
    language: str
    version: str
    sections: tuple[Section, ...]
    preamble: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=dict)


class ContractTemplate(ABC):
    """Documents of one kind (``agreement``, ``confidentiality``, ``amendment``, or a plugin's own).

    A template of kind ``clause:<kind>`` adds its sections to every document of that kind, before the signatures.
    One of ``confidentiality`` is drawn a second time where the client gives no name before the signature: to be read,
    with its own description as ``client.name`` and “[…]”, or nothing, as the rest of ``client``.
    """

    name: ClassVar[str]
    kind: ClassVar[str]
    version: ClassVar[str]
    languages: ClassVar[tuple[str, ...]]
    jurisdiction: ClassVar[str] = ""
    terms_schema: ClassVar[type[Schema]]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The document for ``terms`` (validated against ``terms_schema``); a missing term names itself."""
