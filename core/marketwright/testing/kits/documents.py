"""What every contract template holds: a missing term is named, the same terms give the same text, text stays text."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar

import pytest
from marshmallow import Schema, ValidationError, fields

from marketwright.features.contracts.terms import unnamed_terms
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.documents import ContractTemplate, Document, Section
from marketwright.testing.desks import MONDAY
from marketwright.testing.kits.frame import StrategyKit, a_year_later
from marketwright.testing.kits.terms import a_signatory, some_terms

MARK = "<i>Zoë & Fils</i>"
UNNAMED = "an insurer, 400 people"
CLAUSE = "clause:"


class ContractTemplateConformance(StrategyKit):
    """For a subclass of ``ContractTemplate``: ``strategy = MyTemplate`` and ``settings = {...}``.

    ``terms`` adds what a document of a kind of your own needs beyond the terms of a deal. The paper of a condition is
    given what the condition's own example hands in.
    """

    hook = "register_contract_templates"
    terms: ClassVar[Mapping[str, Any]] = {}

    def all_terms(self, it: ContractTemplate | None = None) -> dict[str, Any]:
        """The terms of the kit and of the subclass, new each time; with those of the paper ``it`` of a condition."""
        return {**some_terms(), **self._of_its_condition(it), **deepcopy(dict(self.terms))}

    def _of_its_condition(self, it: ContractTemplate | None) -> dict[str, Any]:
        """What core adds to the terms of a deal when the paper is drawn from what was handed in."""
        made = getattr(self.plugin, "register_conditions", None)
        brought = made(settings=self.checked()) if made and it else ()
        condition = next((c for c in brought if it and c.paper == it.kind), None)
        if condition is None:
            return {}
        signing = {s.name: [a_signatory(n) for n in range(max(s.least, 1))] for s in condition.signatories}
        return {
            "handed": dict(condition.example(MONDAY.date())) if condition.example else {}, "signatories": signing,
            "condition": {"name": condition.name, "label": condition.label},
            "drawn_on": MONDAY.date().isoformat(), "zone": "Europe/Paris",
        }  # fmt: skip

    def each(self, it: ContractTemplate, **changed: Any) -> Iterator[Document]:
        """The document in each language that the template declares."""
        for language in it.languages:
            yield it.render({**self.all_terms(it), **changed}, language)

    def test_it_declares_kind_version_and_languages(self, it: ContractTemplate) -> None:
        """``kind`` is what core asks for, ``version`` what a signature is pinned to, ``languages`` two letters."""
        assert it.kind.strip(), "it has no kind"
        assert it.version.strip(), "it has no version"
        assert it.languages, "it has no language"
        assert all(len(code) == 2 and code.islower() for code in it.languages), f"languages are {it.languages}"

    def test_it_draws_a_document_in_every_language_it_declares(self, it: ContractTemplate) -> None:
        """A ``Document`` of its version that says in which language it is."""
        for language in it.languages:
            document = it.render(self.all_terms(it), language)
            assert isinstance(document, Document), f"render gave {type(document).__name__}, not a Document"
            assert document.language == language, f"asked for {language}, it answered in {document.language}"
            assert document.version == it.version, f"version {it.version} drew a document of {document.version}"

    def test_a_language_that_it_does_not_declare_is_refused(self, it: ContractTemplate) -> None:
        """Nobody signs a text in a language that they did not choose: no falling back."""
        undeclared = next(code for code in ("xx", "yy") if code not in it.languages)
        with pytest.raises(Exception):  # noqa: B017, PT011  any refusal will do
            it.render(self.all_terms(it), undeclared)

    def test_a_missing_term_is_named(self, it: ContractTemplate) -> None:
        """Every term that ``terms_schema`` requires: left out, the refusal names it."""
        for path in _required(it.terms_schema()):
            terms = self.all_terms(it)
            if _remove(terms, path):
                with pytest.raises((ValidationError, MarketwrightError), match=path[-1]):
                    it.render(terms, it.languages[0])

    def test_its_schema_asks_for_what_it_uses(self, it: ContractTemplate) -> None:
        """With only the terms that the schema asks for it can be drawn: none is used behind the schema's back."""
        asked = {f.data_key or name for name, f in it.terms_schema().fields.items()}
        terms = {k: v for k, v in self.all_terms(it).items() if k in asked}
        for language in it.languages:
            assert it.render(terms, language) == it.render(self.all_terms(it), language)

    def test_more_terms_than_it_knows_change_nothing(self, it: ContractTemplate) -> None:
        """Core may hand over more in a later version."""
        for language in it.languages:
            more = it.render({**self.all_terms(it), "a_later_term": {"x": 1}}, language)
            assert more == it.render(self.all_terms(it), language)

    def test_the_same_terms_give_the_same_document(
        self, it: ContractTemplate, build: Any, clock: FrozenClock
    ) -> None:
        """C4: drawn twice, drawn by another instance and drawn a year later it is the same, byte for byte."""
        first = list(self.each(it))
        assert list(self.each(it)) == first, "drawn a second time it reads otherwise"
        a_year_later(clock)
        assert list(self.each(build())) == first, "drawn later it reads otherwise; dates come from the terms"

    def test_it_changes_none_of_the_terms(self, it: ContractTemplate) -> None:
        """What it was given is as it was."""
        for language in it.languages:
            terms = self.all_terms(it)
            it.render(terms, language)
            assert terms == self.all_terms(it), "render changed the terms that it was given"

    def test_it_is_text_alone(self, it: ContractTemplate) -> None:
        """Every part is a string, in sections with a heading: core escapes and lays it out."""
        for document in self.each(it):
            assert all(isinstance(s, Section) for s in document.sections), "sections holds what is no Section"
            wrong = [t for t in texts_of(document) if not isinstance(t, str)]
            assert not wrong, f"a text is {wrong[0]!r}, a {type(wrong[0]).__name__}"
            assert all(s.heading.strip() for s in document.sections), "a section has no heading"

    def test_what_people_wrote_arrives_as_they_wrote_it(self, it: ContractTemplate) -> None:
        """``<``, ``&`` and accents in a name stay what they are: core escapes, once."""
        terms = self.all_terms(it)
        terms["client"]["name"] = terms["mission"]["title"] = MARK
        terms["milestones"][0]["title"] = MARK
        for language in it.languages:
            for text in texts_of(it.render(terms, language)):
                assert "Zoë" not in text or MARK in text, f"it altered {MARK!r}: {text!r}"
                assert "&lt;" not in text, f"it escapes what core escapes: {text!r}"

    def test_no_place_is_left_open(self, it: ContractTemplate) -> None:
        """No ``{{ name }}``, ``%(name)s``, ``None`` or ``[to fill in]`` reaches a signature."""
        for document in self.each(it):
            for text in texts_of(document):
                for left in ("{{", "}}", "%(", "None", "TODO", "XXX", "[to fill in"):
                    assert left not in text, f"{left!r} is left in {text!r}"

    def test_an_agreement_names_both_parties_and_their_signatories(self, it: ContractTemplate) -> None:
        """Whoever is bound is named, and who signs for them. For the kind ``agreement``."""
        if it.kind == "agreement":
            for document in self.each(it):
                text = "\n".join(texts_of(document))
                for term in ("client", "freelancer"):
                    party = self.all_terms(it)[term]
                    assert party["name"] in text, f"the {term} is not named"
                    assert party["signatory_name"] in text, f"who signs for the {term} is not named"

    def test_it_can_be_read_before_the_client_is_named(self, it: ContractTemplate) -> None:
        """Where the client gives no name yet, its description stands there. For the kind ``confidentiality``."""
        if it.kind == "confidentiality":
            for language in it.languages:
                terms = self.all_terms(it)
                terms["client"] = unnamed_terms(UNNAMED)
                found = "\n".join(texts_of(it.render(terms, language)))
                assert UNNAMED in found, "the client is not called by its description"

    def test_an_agreement_lists_every_milestone(self, it: ContractTemplate) -> None:
        """C4: what was agreed stands in what is signed. For the kind ``agreement``."""
        if it.kind == "agreement":
            for document in self.each(it):
                text = "\n".join(texts_of(document))
                for milestone in self.all_terms(it)["milestones"]:
                    assert milestone["title"] in text, f"the milestone {milestone['title']!r} is not in the text"

    def test_another_price_is_another_text(self, it: ContractTemplate) -> None:
        """C4: the price is part of what is signed. For the kinds ``agreement`` and ``amendment``."""
        if it.kind in ("agreement", "amendment"):
            terms = self.all_terms(it)
            for amount in ("work", "client_pays", "freelancer_receives"):
                terms["amounts"][amount] += 100
            for milestone in terms["milestones"]:
                milestone["amount"] += 50
            for language in it.languages:
                assert it.render(terms, language) != it.render(self.all_terms(it), language), "the price is not in it"

    def test_there_is_a_line_to_sign_on_for_whoever_signs(self, it: ContractTemplate) -> None:
        """A document has signatures; a clause, which joins another document, has none."""
        for document in self.each(it):
            if it.kind.startswith(CLAUSE):
                assert not document.signatures, "a clause asks for a signature of its own"
            else:
                assert document.signatures, "nobody is asked to sign"


def texts_of(document: Document) -> list[Any]:
    """Every text of a document, in the order of reading."""
    found: list[Any] = [document.title, *document.meta, *document.meta.values(), *document.preamble]
    for section in document.sections:
        found += [section.heading, *section.paragraphs, *(cell for row in section.rows for cell in row)]
    return [*found, *document.signatures, *document.notes]


def _required(schema: Schema, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every required term; those of the first entry of a list."""
    for name, field in schema.fields.items():
        path = (*above, field.data_key or name)
        if field.required:
            yield path
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and field.required:
            yield from _required(inner.schema, path)


def _remove(terms: Any, path: tuple[str, ...]) -> bool:
    """Take the term at ``path`` away; false where the kit's terms have none."""
    for key in path[:-1]:
        terms = terms.get(key) if isinstance(terms, Mapping) else None
        terms = terms[0] if isinstance(terms, list) and terms else terms
    return isinstance(terms, dict) and terms.pop(path[-1], None) is not None
