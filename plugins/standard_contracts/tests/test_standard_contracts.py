"""The documents of a deal."""

import copy
import re

import pytest
from marshmallow import ValidationError

from marketwright.plugin import Document
from marketwright_standard_contracts.settings import ContractSettings
from marketwright_standard_contracts.templates import Amendment, Confidentiality, ServicesAgreement

SETTINGS = ContractSettings().load({})
PARTY = {
    "form": "SAS", "registration_number": "834 048 330", "vat_number": "FR83404833048", "street": "14 rue des Prés",
    "postcode": "59000", "city": "Lille", "country": "FR", "signatory_title": "Director",
}  # fmt: skip
TERMS = {
    "contract": {"reference": "BST-2026-0417", "date": "2026-05-11", "purchase_order": "PO-77"},
    "client": {**PARTY, "name": "Sambre Santé", "signatory_name": "Hélène Quesnoy"},
    "freelancer": {**PARTY, "name": "Wiśniewski Conseil", "signatory_name": "Tomasz Wiśniewski"},
    "marketplace": {"brand": "Bastion", "name": "Bastion Place de Marché SAS"},
    "mission": {"title": "Internal pentest"}, "currency": "EUR", "start": "2026-06-01",
    "milestones": [
        {"number": 1, "title": "Scoping", "description": "Rules of engagement", "amount": 156_000, "due": "2026-06-05"},
        {"number": 2, "title": "Report", "amount": 780_000},
    ],
    "amounts": {"work": 936_000, "work_tax": 187_200, "client_fee": 28_080, "client_fee_tax": 5_616,
                "freelancer_fee": 65_520, "freelancer_fee_tax": 13_104, "client_pays": 1_156_896,
                "freelancer_receives": 1_044_576},
    "fees": [{"side": "client", "label": "Service fee", "amount": 28_080}],
    "process": {"label": "Milestones", "version": 1, "holds": True, "silence_days": 14, "payment_days": 0},
    "holder": "Halden Pay SA",
    "amendment": {"number": 1, "date": "2026-07-01", "signed_on": "2026-05-11", "reason": "A retest is needed.",
                  "price_before": 936_000, "price_after": 1_014_000},
}  # fmt: skip
TEMPLATES = [ServicesAgreement, Amendment, Confidentiality]
BOTH = pytest.mark.parametrize("language", ["en", "fr"])
ALL = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)


def render(template, language, terms=TERMS) -> Document:
    return template(SETTINGS, None).render(terms, language)


def text_of(document: Document) -> str:
    parts = [document.title, *document.preamble, *document.signatures, *document.notes]
    for section in document.sections:
        parts += [section.heading, *section.paragraphs, *(c for row in section.rows for c in row)]
    return "\n".join(parts)


@ALL
@BOTH
def test_the_same_terms_give_the_same_document(template, language):
    assert render(template, language) == render(template, language, copy.deepcopy(TERMS))


@ALL
@BOTH
def test_both_parties_are_named_with_their_number_and_signatory(template, language):
    text = text_of(render(template, language))
    for word in ("Sambre Santé", "Wiśniewski Conseil", "834 048 330", "Tomasz Wiśniewski", "Hélène Quesnoy"):
        assert word in text


@ALL
@BOTH
def test_no_place_is_left_unfilled(template, language):
    assert not re.search(r"%\(|\{[a-z_]+\}|None", text_of(render(template, language)))


@pytest.mark.parametrize("path", [
    "contract.reference", "client.name", "client.signatory_name", "freelancer.registration_number",
    "amounts.client_pays", "holder", "milestones", "process.holds",
])  # fmt: skip
def test_a_missing_term_names_itself(path):
    terms = copy.deepcopy(TERMS)
    *way, last = path.split(".")
    place = terms
    for step in way:
        place = place[step]
    del place[last]
    with pytest.raises(ValidationError) as refused:
        render(ServicesAgreement, "en", terms)
    found = refused.value.messages
    for step in path.split("."):
        assert step in found
        found = found[step]


def test_amounts_are_written_in_the_documents_language():
    assert "€11,568.96" in text_of(render(ServicesAgreement, "en"))
    assert re.search(r"11\s568,96\s€", text_of(render(ServicesAgreement, "fr")))


def test_every_milestone_has_its_price_and_date():
    rows = render(ServicesAgreement, "en").sections[1].rows
    assert rows[1] == ("1", "Scoping. Rules of engagement", "5 June 2026", "€1,560.00")
    assert rows[2][2:] == ("to be agreed", "€7,800.00")


def test_who_holds_the_money_is_named():
    assert "held by Halden Pay SA" in text_of(render(ServicesAgreement, "en"))


def test_without_a_hold_the_client_pays_the_freelancer_directly():
    terms = copy.deepcopy(TERMS)
    terms["process"] |= {"holds": False, "payment_days": 30}
    terms["holder"] = ""
    text = text_of(render(ServicesAgreement, "en", terms))
    assert "directly within 30 days" in text
    assert "held by" not in text


def test_silence_accepts_after_the_days_of_the_process_or_never():
    assert "within 14 days" in text_of(render(ServicesAgreement, "en"))
    terms = copy.deepcopy(TERMS)
    terms["process"]["silence_days"] = 0
    assert "Silence never counts" in text_of(render(ServicesAgreement, "en", terms))


@BOTH
def test_both_languages_have_the_same_articles(language):
    assert len(render(ServicesAgreement, language).sections) == 14


def test_an_amendment_says_the_price_before_and_after():
    text = text_of(render(Amendment, "en"))
    assert "€9,360.00" in text
    assert "€10,140.00" in text


def test_law_and_court_come_from_the_settings():
    settings = ContractSettings().load({"law": {"en": "Belgian law"}, "court": {"en": "the courts of Liège"}})
    text = text_of(ServicesAgreement(settings, None).render(TERMS, "en"))
    assert "Belgian law" in text
    assert "the courts of Liège" in text
    assert "le droit français" in text_of(ServicesAgreement(settings, None).render(TERMS, "fr"))


def test_a_confidentiality_agreement_is_signed_by_the_freelancer_alone():
    assert len(render(Confidentiality, "en").signatures) == 1


@ALL
def test_french_keeps_its_spaces_unbroken(template):
    text = text_of(render(template, "fr"))
    assert not re.search(r" [;:?!»]|« ", text)


PENTESTER = {"freelancer": {"one": "pentester", "le": "le pentester", "du": "du pentester", "au": "au pentester",
                            "gender": "m"},
             "client": {"one": "mandant", "le": "le mandant", "du": "du mandant", "au": "au mandant",
                        "gender": "m"}}  # fmt: skip


@ALL
def test_the_parties_are_called_what_the_marketplace_calls_them(template):
    said = {**TERMS, "marketplace": {**TERMS["marketplace"], "words": PENTESTER}}
    text = text_of(render(template, "fr", said))
    assert "Pentester" in text
    assert not re.search(r"\b(Freelance|Client)\b", text)


BY_DAY = {**TERMS["process"], "by_day": True}
PERIOD = {"number": 1, "title": "June", "amount": 800_000, "days": 10.5, "start": "2026-06-01", "due": "2026-06-30"}


@pytest.mark.parametrize(("language", "says"), [
    ("en", ("Timesheets", "10.5", "June, from 1 June 2026 to 30 June 2026", "goes back to the")),
    ("fr", ("Relevés d’activité", "10,5", "June, du 1er juin 2026 au 30 juin 2026", "est restitué")),
])  # fmt: skip
def test_work_by_the_day_is_agreed_in_periods_with_timesheets(language, says):
    text = text_of(render(ServicesAgreement, language, {**TERMS, "process": BY_DAY, "milestones": [PERIOD]}))
    assert [word for word in says if word not in text] == []
    assert "number of hours" not in text


@pytest.mark.parametrize(("language", "decided", "says"), [
    ("en", True, "explained, corrected, or put to a decision."), ("en", False, "explained or corrected."),
    ("fr", True, "expliqués, corrigés ou soumis à décision."), ("fr", False, "expliqués ou corrigés."),
])  # fmt: skip
def test_a_decision_is_promised_only_where_money_is_held(language, decided, says):
    process = {**BY_DAY, "holds": decided, "payment_days": 30}
    terms = {**TERMS, "process": process, "milestones": [PERIOD], "holder": "Halden Pay SA" if decided else ""}
    assert says in text_of(render(ServicesAgreement, language, terms))


@pytest.mark.parametrize(("language", "says"), [
    ("en", "7 days or more before the start, nothing is due; later, 20 % of its price is due."),
    ("fr", "7 jours ou plus avant le début, rien n’est dû ; plus tard, 20 % de son prix est dû."),
])  # fmt: skip
def test_the_rules_of_cancellation_stand_in_the_agreement(language, says):
    rules = [{"by": "client", "notice_days": 7, "freelancer_bps": 0}, {"by": "client", "notice_days": 0,
             "freelancer_bps": 2000}]  # fmt: skip
    terms = {**TERMS, "process": {**TERMS["process"], "cancellation": rules}}
    assert says in text_of(render(ServicesAgreement, language, terms))


def test_what_is_bought_is_due_so_many_days_after_the_payment():
    line = {"number": 1, "title": "Review", "amount": 100_000, "within": 10}
    assert "10 days from the payment" in text_of(render(ServicesAgreement, "en", {**TERMS, "milestones": [line]}))


@pytest.mark.parametrize(("name", "says"), [("Bastion Place SAS", "SAS (732"), ("Bastion Place", "Place (SAS, 732")])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_legal_form_of_whoever_runs_the_site_is_said_once(language, name, says):
    told = {"brand": "Bastion", "name": name, "form": "SAS", "registration_number": "732829320", "address": "Lille"}
    text = text_of(render(ServicesAgreement, language, {**TERMS, "marketplace": told}))
    assert f"{name.rpartition(' ')[0]} {says}" in text
