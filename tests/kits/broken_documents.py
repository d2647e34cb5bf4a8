"""Contract templates, each broken on purpose in one way, and one that is not."""

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section
from marketwright.testing import ContractTemplateConformance


class Open(Schema):
    class Meta:
        unknown = EXCLUDE


class PartyTerms(Open):
    name = fields.Str(required=True)
    signatory_name = fields.Str(required=True)


class MilestoneTerms(Open):
    title = fields.Str(required=True)
    amount = fields.Int(required=True)


class Terms(Open):
    client = fields.Nested(PartyTerms, required=True)
    freelancer = fields.Nested(PartyTerms, required=True)
    milestones = fields.List(fields.Nested(MilestoneTerms), required=True)


TITLE = {"en": "Agreement", "fr": "Contrat"}


class Fair(ContractTemplate):
    """The shortest agreement."""

    name, kind, version, languages, terms_schema = "short", "agreement", "1", ("en", "fr"), Terms

    def render(self, terms, language):
        t = self.terms_schema().load(terms)
        return self.document(t, language, terms)

    def document(self, t, language, terms):
        return Document(
            title=TITLE[language], language=language, version=self.version, sections=self.sections(t, language),
            preamble=(t["client"]["name"], t["freelancer"]["name"]), signatures=self.signatures(t),
        )  # fmt: skip

    def sections(self, t, language):
        return (Section(TITLE[language], rows=tuple((m["title"], str(m["amount"])) for m in t["milestones"])),)

    def signatures(self, t):
        return (t["client"]["signatory_name"], t["freelancer"]["signatory_name"])


class TestFair(ContractTemplateConformance):
    strategy = Fair


class Unversioned(Fair):
    """Nobody can say which text was signed."""

    version = ""


class TestUnversioned(ContractTemplateConformance):
    strategy = Unversioned
    caught_by = "test_it_declares_kind_version_and_languages"


class AlwaysEnglish(Fair):
    """English, whatever is asked."""

    def document(self, t, language, terms):
        return super().document(t, "en", terms)


class TestAlwaysEnglish(ContractTemplateConformance):
    strategy = AlwaysEnglish
    caught_by = "test_it_draws_a_document_in_every_language_it_declares"


class TestFallsBack(ContractTemplateConformance):
    strategy = AlwaysEnglish
    caught_by = "test_a_language_that_it_does_not_declare_is_refused"


class Forgiving(Fair):
    """An empty name where there is none."""

    def render(self, terms, language):
        party = {"name": "", "signatory_name": ""}
        return self.document({"client": party, "freelancer": party, "milestones": [], **terms}, language, terms)


class TestForgiving(ContractTemplateConformance):
    strategy = Forgiving
    caught_by = "test_a_missing_term_is_named"


class BehindTheBack(Fair):
    """It uses a term that it does not ask for."""

    def document(self, t, language, terms):
        return Document(title=terms["contract"]["reference"], language=language, version=self.version,
                        sections=self.sections(t, language), signatures=self.signatures(t))  # fmt: skip


class TestBehindTheBack(ContractTemplateConformance):
    strategy = BehindTheBack
    caught_by = "test_its_schema_asks_for_what_it_uses"


class Strict(Fair):
    """What it does not know it refuses."""

    def render(self, terms, language):
        if "a_later_term" in terms:
            raise ValueError("what is that?")
        return super().render(terms, language)


class TestStrict(ContractTemplateConformance):
    strategy = Strict
    caught_by = "test_more_terms_than_it_knows_change_nothing"


class DatesItself(Fair):
    """The day it was drawn instead of the day agreed."""

    def sections(self, t, language):
        return (*super().sections(t, language), Section("Date", (self.desk.clock.business().isoformat(),)))


class TestDatesItself(ContractTemplateConformance):
    strategy = DatesItself
    caught_by = "test_the_same_terms_give_the_same_document"


class TidiesUp(Fair):
    """It sorts what was given to it."""

    def render(self, terms, language):
        terms["milestones"].reverse()
        return super().render(terms, language)


class TestTidiesUp(ContractTemplateConformance):
    strategy = TidiesUp
    caught_by = "test_it_changes_none_of_the_terms"


class Numbers(Fair):
    """Numbers in cells."""

    def sections(self, t, language):
        return (Section("Price", rows=tuple((m["title"], m["amount"]) for m in t["milestones"])),)


class TestNumbers(ContractTemplateConformance):
    strategy = Numbers
    caught_by = "test_it_is_text_alone"


class Escapes(Fair):
    """It escapes what core escapes."""

    def document(self, t, language, terms):
        t["client"]["name"] = t["client"]["name"].replace("<", "&lt;")
        return super().document(t, language, terms)


class TestEscapes(ContractTemplateConformance):
    strategy = Escapes
    caught_by = "test_what_people_wrote_arrives_as_they_wrote_it"


class LeavesHoles(Fair):
    """A place that nobody filled."""

    def sections(self, t, language):
        return (*super().sections(t, language), Section("Law", ("The law of {{ country }} applies.",)))


class TestLeavesHoles(ContractTemplateConformance):
    strategy = LeavesHoles
    caught_by = "test_no_place_is_left_open"


class Anonymous(Fair):
    """One party alone."""

    def signatures(self, t):
        return (t["client"]["signatory_name"],)


class TestAnonymous(ContractTemplateConformance):
    strategy = Anonymous
    caught_by = "test_an_agreement_names_both_parties_and_their_signatories"


class OneMilestone(Fair):
    """Only the first of them."""

    def sections(self, t, language):
        return super().sections({**t, "milestones": t["milestones"][:1]}, language)


class TestOneMilestone(ContractTemplateConformance):
    strategy = OneMilestone
    caught_by = "test_an_agreement_lists_every_milestone"


class NoPrice(Fair):
    """What it costs is said elsewhere."""

    def sections(self, t, language):
        return (Section("Work", tuple(m["title"] for m in t["milestones"])),)


class TestNoPrice(ContractTemplateConformance):
    strategy = NoPrice
    caught_by = "test_another_price_is_another_text"


class Unsigned(Fair):
    """Nobody signs."""

    def signatures(self, t):
        return ()


class TestUnsigned(ContractTemplateConformance):
    strategy = Unsigned
    caught_by = "test_there_is_a_line_to_sign_on_for_whoever_signs"


class NoName(Fair):
    """Nameless."""

    name = "Short agreement"


class TestNoName(ContractTemplateConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(ContractTemplateConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"


class WithNobody(Fair):
    """Its reader is not told with whom."""

    kind = "confidentiality"

    def document(self, t, language, terms):
        return super().document({**t, "client": {**t["client"], "name": ""}}, language, terms)


class TestWithNobody(ContractTemplateConformance):
    strategy = WithNobody
    caught_by = "test_it_can_be_read_before_the_client_is_named"
