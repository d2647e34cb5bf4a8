"""Documents as canonical bytes."""

from html import unescape

import pytest
from flask import Response
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, fields
from PIL import ImageFile

from marketwright.features.contracts.bundled.milestones import MILESTONES
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.pages import papers
from marketwright.features.contracts.paper import article, canonical, digest, make_paper, with_clauses
from marketwright.features.contracts.terms import silence_days
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput, PluginFailed, Unavailable
from marketwright.strategies.documents import ContractTemplate, Document, Section
from marketwright.web.i18n import current_locale
from marketwright.web.pdf import BASE, can_pdf, own_file
from marketwright_ai.course import EVALUATION
from marketwright_data.delivery import DELIVERY

PLAIN = Document("Agreement", "en", "1", (Section("Object", ("To do\nthings.",), (("a", "b"), ("c", "d"))),),
                 preamble=("Between us",), signatures=("Client\nSambre",), meta={"Ref": "X"})  # fmt: skip


def test_the_same_document_gives_the_same_bytes():
    assert canonical(PLAIN) == canonical(PLAIN)
    assert make_paper(PLAIN, kind="agreement", template="x.y").sha256 == digest(canonical(PLAIN))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_whatever_people_type_is_text_and_never_markup(typed):
    document = Document(typed, "en", "1", (Section(typed, (typed,), ((typed, typed),)),), meta={typed: typed})
    body = canonical(document).decode()
    frame = canonical(Document("", "en", "1", (Section("", ("",), (("", ""),)),), meta={"": ""})).decode()
    assert body.count("<") == frame.count("<") + typed.count("\n")


def test_a_script_stays_words():
    body = canonical(Document("<script>alert(1)</script>", "en", "1", (Section("</article>", ("&",)),))).decode()
    assert "<script>" not in body
    assert article(body.encode()).count("</article>") == 0


WRAPS = ("{{ ? }}", "{% if ? %}", "${?}", "#{?}", "<%= ? %>", "%(?)s", "{?}", "{?!r}", "[[?]]", "@(?)")
PUT_IN = ("7*7", "config", "self.__init__.__globals__", "''.__class__.__mro__[1].__subclasses__()", "milestone",
          "x" * 9)  # fmt: skip


def test_no_template_language_is_understood_in_what_people_type():  # S31
    typed = [wrap.replace("?", what) for wrap in WRAPS for what in PUT_IN]
    assert len(set(typed)) >= 60
    body = unescape(canonical(Document("Agreement", "en", "1", (Section("Object", tuple(typed)),))).decode())
    assert [text for text in typed if text not in body] == []


def test_sections_are_numbered():
    body = canonical(with_clauses(PLAIN, [Document("", "en", "2", (Section("Clause", ("x",)),))])).decode()
    assert "<h2>1. Object</h2>" in body
    assert "<h2>2. Clause</h2>" in body


def test_the_version_names_the_clauses_too():
    assert with_clauses(PLAIN, [Document("", "en", "7", ())]).version == "1+7"


class Asks(Schema):
    who = fields.String(required=True)


class Template(ContractTemplate):
    name, kind, version, languages, terms_schema = "t", "agreement", "1", ("en",), Asks
    answer = PLAIN

    def render(self, terms, language):
        return self.answer


def brought(template=Template, answer=PLAIN):
    made = template({}, None)
    made.answer = answer
    return Plugins(contract_templates=(Entry("strange", made),))


def test_a_missing_term_is_named():
    with pytest.raises(InvalidInput) as refused:
        draw(brought(), "agreement", "en", {})
    assert list(refused.value.errors) == ["who"]


def test_no_template_in_this_language_is_said():
    with pytest.raises(Unavailable):
        draw(brought(), "agreement", "fr", {"who": "me"})


@pytest.mark.parametrize("answer", [None, "text", Document("T", "fr", "1", ()), Document("T", "en", "1", ("x",))])
def test_what_is_no_document_is_refused_by_the_plugins_name(answer):  # P2
    with pytest.raises(PluginFailed, match="strange"):
        draw(brought(answer=answer), "agreement", "en", {"who": "me"})


def test_a_template_is_never_called_inside_a_unit_of_work(database):  # P1
    from marketwright.kernel.actors import system

    with database.unit(system("test")), pytest.raises(RuntimeError, match="P1"):
        draw(brought(), "agreement", "en", {"who": "me"})


def test_a_paper_wears_the_brand(stage, browse):
    stage.agree(100_000)
    page = browse(stage.client).get(f"/documents/{stage.send()}").text
    assert f'<span>{stage.house.marketplace.name}</span></div>' in page.replace("\n", "")


def test_a_paper_can_be_had_as_pdf_with_its_signatures(stage, browse):
    if not can_pdf():
        pytest.skip("the extra `pdf` is not installed, or Pango is not there")
    stage.agree(100_000)
    document = stage.send()
    visitor = browse(stage.client)
    assert f"/documents/{document}/pdf" in visitor.get(f"/documents/{document}").text
    answer = visitor.get(f"/documents/{document}/pdf")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


def test_the_record_of_signatures_in_the_pdf_speaks_as_the_paper_whoever_reads(stage, browse, monkeypatch):
    monkeypatch.setattr(papers, "can_pdf", lambda: True)
    monkeypatch.setattr(papers, "pdf_page", lambda *_given: Response(current_locale()))
    stage.agree(100_000)
    document = stage.send()
    reader = browse(stage.client)
    reader.get("/language/fr?next=/about")
    assert reader.get(f"/documents/{document}/pdf").text == "en"


@pytest.mark.parametrize(("course", "days"), [(MILESTONES, 14), (EVALUATION, 14), (DELIVERY, 10)])
def test_a_paper_names_the_silence_that_follows_a_delivery_and_no_shorter_one(course, days):
    assert silence_days(course) == days


def test_a_paper_fetches_nothing_when_it_is_drawn(app):  # S33
    with app.app_context():
        for url in ("http://127.0.0.1/x.png", "file:///etc/passwd", "http://169.254.169.254/",
                    f"{BASE}/static/../pdf.py", f"{BASE}/theme/x/../../a.svg", f"{BASE}/me"):  # fmt: skip
            with pytest.raises(ValueError, match="not fetched"):
                own_file(url)


def test_without_the_means_no_pdf_is_offered(stage, browse, monkeypatch):
    monkeypatch.setattr(papers, "can_pdf", lambda: False)
    stage.agree(100_000)
    document = stage.send()
    visitor = browse(stage.client)
    assert "/pdf" not in visitor.get(f"/documents/{document}").text
    assert visitor.get(f"/documents/{document}/pdf").status_code == 404


def test_drawing_papers_lets_no_damaged_picture_pass_elsewhere():
    can_pdf.cache_clear()
    can_pdf()
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


def test_a_column_of_figures_stands_at_the_end_of_its_line_and_words_at_the_beginning():
    figures = canonical(Document("T", "en", "1", (Section("Price", (), (("Work", "€1,460.00"), ("Tax", "20 %"))),)))
    words = canonical(Document("T", "en", "1", (Section("What", (), (("Subject", "Reading and counting"),)),)))
    assert (b'class="words"' in figures, b'class="words"' in words) == (False, True)
