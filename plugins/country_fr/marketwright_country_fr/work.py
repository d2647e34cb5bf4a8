"""What French law says of working with independents, as data: papers to hold, risky words, holidays, periods to keep.

Prepared for review by your adviser; it is no legal advice. Every row names where and when it was read.
"""

from calendar import monthrange
from datetime import date, timedelta

from marketwright.plugin import Background, Dated, Holiday, InvoiceDuty, Obligation, PaymentTerms, Retention, Risk

READ = date(2026, 11, 28)
READ_REFORM = date(2026, 11, 29)
CHECK = "vigilance"
MONTHS = 6


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier below zero), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_VIGILANCE = "https://rocheblave.com/urssaf-attestation-de-vigilance-attestation-vigilance-urssaf"
_AMOUNT = "https://www.expert-comptable-a-distance.fr/contrat-de-sous-traitance-attestation-de-vigilance-obligatoire/"
_EMPLOYED = "https://rochel-avocat.fr/freelance-requalification-en-cdi"
_TERMS = "https://www.economie.gouv.fr/cedef/delais-de-paiement-entre-entreprises"
_KEPT = "https://adtexpertisecomptable.fr/duree-de-conservation-documents-2"

# Code du travail L.8222-1, R.8222-1, D.8222-5: at the conclusion of a contract and every six months until its end.
OBLIGATIONS = (
    Obligation(CHECK, 500_000, "EUR", MONTHS, Dated(date(2015, 4, 1), None, _AMOUNT, READ)),
)

_SUBORDINATION = {
    "fr": "Peut se lire comme un lien de subordination (code du travail, L.8221-6, L.8231-1, L.8241-1). Décrivez le "
          "résultat attendu et sa date ; laissez l’organisation du travail à l’indépendant.",
    "en": "May be read as subordination (code du travail, L.8221-6, L.8231-1, L.8241-1). Describe the result and its "
          "date; leave the way of working to the independent.",
}  # fmt: skip
_EXCLUSIVE = {
    "fr": "Une exclusivité est un indice de salariat (code du travail, L.8221-6). Protégez-vous par la confidentialité "
          "ou par un conflit d’intérêts limité et nommé.",
    "en": "Exclusivity is a sign of employment (code du travail, L.8221-6). Protect yourself by confidentiality, or by "
          "a limited and named conflict of interest.",
}  # fmt: skip


_UNLESS = {"fr": r"\b(?:aucune?|sans|ni|pas|non)\b", "en": r"\b(?:no|not|without|nor|neither|never)\b"}


_LABELS = {
    "fixed_hours": ("Horaires imposés", "Fixed hours"), "exclusivity": ("Exclusivité", "Exclusivity"),
    "leave": ("Validation des absences", "Approval of leave"), "hierarchy": ("Hiérarchie", "Hierarchy"),
}  # fmt: skip


def _risk(name: str, why: dict[str, str], french: tuple[str, ...], english: tuple[str, ...]) -> Risk:
    dated = Dated(date(2016, 8, 10), None, _EMPLOYED, READ)
    label = {"fr": _LABELS[name][0], "en": _LABELS[name][1]}
    return Risk(name, label, {"fr": french, "en": english}, why, dated, _UNLESS)


RISKS = (
    _risk("fixed_hours", _SUBORDINATION, (
        r"\bhoraires?\s+(?:fixes?|imposés?|de\s+(?:travail|bureau))",
        r"\bde\s+\d{1,2}\s*h(?:\d{2})?\s+à\s+\d{1,2}\s*h", r"\bprésence\s+(?:obligatoire|exigée)",
        r"\b3[59]\s*heures\s+(?:par|hebdomadaires)",
    ), (
        r"\b(?:fixed|set|office|working)\s+hours\b",
        r"\bfrom\s+\d{1,2}(?::\d{2})?\s*(?:am)?\s+to\s+\d{1,2}(?::\d{2})?\s*pm\b",
        r"\b(?:mandatory|required)\s+(?:presence|attendance)\b", r"\b3[59]\s+hours\s+(?:a|per)\s+week\b",
    )),
    _risk("exclusivity", _EXCLUSIVE, (
        r"\b(?:clause\s+d['’])?exclusivité\b", r"\bexclusivement\s+pour\s+le\s+client\b",
        r"\bs['’]interdit\s+de\s+travailler\s+pour\s+(?:tout\s+)?(?:autre|d['’]autres)",
    ), (
        r"\bexclusiv(?:ity|ely\s+for\s+the\s+client)\b", r"\bshall\s+not\s+work\s+for\s+(?:any\s+)?other\b",
    )),
    _risk("leave", _SUBORDINATION, (
        r"\b(?:demande|validation|autorisation|accord)\s+(?:de|des|pour\s+les?)\s+(?:congés?|absences?)",
        r"\bcongés\s+payés\b", r"\bposer\s+(?:ses|des)\s+congés\b",
    ), (
        r"\b(?:leave|holidays?|vacation|absences?)\s+(?:request|approval|must\s+be\s+approved)", r"\bpaid\s+leave\b",
    )),
    _risk("hierarchy", _SUBORDINATION, (
        r"\bsupérieur\s+hiérarchique\b", r"\bsous\s+(?:l['’]autorité|la\s+direction|les\s+ordres)\b",
        r"\bpouvoir\s+disciplinaire\b", r"\bsanctions?\s+disciplinaires?\b",
    ), (
        r"\bline\s+manager\b", r"\bunder\s+the\s+(?:authority|orders|direction)\s+of\b", r"\bdisciplinary\b",
    )),
)  # fmt: skip


# Code de procédure pénale, 777: the extract n° 3 is given to the person alone; n° 1 to judges, n° 2 to administrations.
# Whoever works with an independent may ask to be shown it, and may neither order it nor keep what it says
# (code du travail, L.1121-1; GDPR, article 10).
_RECORD = "https://www.service-public.fr/particuliers/vosdroits/F14710"
BACKGROUND = (
    Background(
        {"fr": "Bulletin n° 3 du casier judiciaire", "en": "Extract n° 3 of the criminal record (France)"},
        {"fr": "Vous le demandez vous-même, gratuitement, sur casier-judiciaire.justice.gouv.fr : personne ne peut le "
               "faire à votre place. Montrez-le à notre équipe lors d’un appel : nous notons qu’il a été vu et sa "
               "date, jamais ce qu’il contient, et n’en gardons pas de copie. Le bulletin n° 2 n’est pas demandé : il "
               "n’est remis qu’aux administrations.",
         "en": "You ask for it yourself, free of charge, at casier-judiciaire.justice.gouv.fr: nobody can do it for "
               "you. Show it to our team in a call: we note that it was seen, and its date, never what it says, and "
               "keep no copy. Extract n° 2 is not asked for: authorities alone are given it."},
        3, Dated(date(2004, 3, 10), None, _RECORD, READ),
    ),
)  # fmt: skip

_NAMES = {
    "new_year": ("Jour de l’an", "New Year’s Day"), "easter": ("Lundi de Pâques", "Easter Monday"),
    "labour": ("Fête du travail", "Labour Day"), "victory": ("Victoire de 1945", "Victory Day"),
    "ascension": ("Ascension", "Ascension Day"), "whit": ("Lundi de Pentecôte", "Whit Monday"),
    "national": ("Fête nationale", "Bastille Day"), "assumption": ("Assomption", "Assumption"),
    "saints": ("Toussaint", "All Saints’ Day"), "armistice": ("Armistice de 1918", "Armistice Day"),
    "christmas": ("Noël", "Christmas Day"),
}  # fmt: skip
EASTER = {  # Sundays
    2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21),
    2031: (4, 13), 2032: (3, 28), 2033: (4, 17), 2034: (4, 9), 2035: (3, 25), 2036: (4, 13), 2037: (4, 5),
    2038: (4, 25), 2039: (4, 10), 2040: (4, 1),
}  # fmt: skip


def _year(year: int) -> list[tuple[date, str]]:
    """The eleven of article L.3133-1 of the code du travail; Alsace, Moselle and overseas have more."""
    sunday = date(year, *EASTER[year])
    return [
        (date(year, 1, 1), "new_year"), (sunday + timedelta(days=1), "easter"), (date(year, 5, 1), "labour"),
        (date(year, 5, 8), "victory"), (sunday + timedelta(days=39), "ascension"),
        (sunday + timedelta(days=50), "whit"), (date(year, 7, 14), "national"), (date(year, 8, 15), "assumption"),
        (date(year, 11, 1), "saints"),
        (date(year, 11, 11), "armistice"), (date(year, 12, 25), "christmas"),
    ]  # fmt: skip


HOLIDAYS = tuple(
    Holiday(day, {"fr": _NAMES[name][0], "en": _NAMES[name][1]}) for year in EASTER for day, name in _year(year)
)

RETENTION = (
    Retention("accounting", {"fr": "Grand livre, factures et pièces comptables (code de commerce, L.123-22)",
                             "en": "Ledger, invoices and accounting papers (code de commerce, L.123-22)"}, 10,
              Dated(date(2014, 1, 1), None, _KEPT, READ)),
    Retention("contracts", {"fr": "Contrats et échanges commerciaux, après leur fin (code civil, 2224)",
                            "en": "Contracts and commercial letters, after their end (code civil, 2224)"}, 5,
              Dated(date(2014, 1, 1), None, _KEPT, READ)),
    Retention("electronic_contracts", {"fr": "Contrats conclus en ligne avec un consommateur",
                                       "en": "Contracts that a consumer concluded online"}, 10,
              Dated(date(2014, 1, 1), None, _KEPT, READ)),
    Retention("vigilance", {"fr": "Attestations de vigilance et extraits, preuve de la vérification",
                            "en": "Certificates of vigilance and extracts, as proof that they were checked"}, 5,
              Dated(date(2015, 4, 1), None, _VIGILANCE, READ)),
)  # fmt: skip

# CGI 289 bis (issue and receive), 290 (transactions), 290 A (payments); large, mid-sized, small and micro as in decree
# 2008-1354, looked at on 1 January 2025 and on the last closed year before it.
_REFORM = "https://www.impots.gouv.fr/professionnel/je-decouvre-la-facturation-electronique"
_CALENDAR = "https://cms.law/fr/fra/news-information/facturation-electronique-en-quoi-consiste-la-reforme"
_FIRST, _SECOND = date(2026, 9, 1), date(2027, 9, 1)
_ALL = {"fr": "Toute entreprise assujettie à la TVA, franchise en base comprise",
        "en": "Every business subject to VAT, small-business exemption included"}  # fmt: skip
_LARGE = {"fr": "Grandes entreprises et entreprises de taille intermédiaire", "en": "Large and mid-sized businesses"}
_SMALL = {"fr": "PME et microentreprises", "en": "Small, medium-sized and micro businesses"}
_FOREIGN = {"fr": "Entreprises étrangères redevables de la TVA en France",
            "en": "Foreign businesses that owe French VAT"}  # fmt: skip
_ISSUE = {
    "fr": "Émettre les factures entre entreprises établies en France par une plateforme agréée (CGI, art. 289 bis), en "
          "Factur-X, CII ou UBL, et transmettre leurs statuts : déposée, rejetée, refusée, encaissée.",
    "en": "Issue invoices between businesses established in France over an approved platform (CGI, art. 289 bis), as "
          "Factur-X, CII or UBL, and report their states: filed, rejected, refused, cashed.",
}  # fmt: skip
_REPORT = {
    "fr": "Transmettre par une plateforme agréée les données des opérations avec l’étranger (CGI, art. 290) et des "
          "encaissements de prestations dont la TVA est exigible à l’encaissement (CGI, art. 290 A), au rythme de son "
          "régime de TVA.",
    "en": "Report over an approved platform transactions with other countries (CGI, art. 290) and payments for "
          "services whose VAT falls due on payment (CGI, art. 290 A), at the rhythm of one’s VAT regime.",
}  # fmt: skip
ELECTRONIC = (
    InvoiceDuty("receive", _ALL, {
        "fr": "Pouvoir recevoir des factures électroniques par une plateforme agréée (CGI, art. 289 bis).",
        "en": "Be able to receive electronic invoices over an approved platform (CGI, art. 289 bis).",
    }, Dated(_FIRST, None, _REFORM, READ_REFORM)),
    InvoiceDuty("issue", _LARGE, _ISSUE, Dated(_FIRST, None, _CALENDAR, READ_REFORM)),
    InvoiceDuty("report", _LARGE, _REPORT, Dated(_FIRST, None, _CALENDAR, READ_REFORM)),
    InvoiceDuty("issue", _SMALL, _ISSUE, Dated(_SECOND, None, _CALENDAR, READ_REFORM)),
    InvoiceDuty("report", _SMALL, _REPORT, Dated(_SECOND, None, _CALENDAR, READ_REFORM)),
    InvoiceDuty("report", _FOREIGN, _REPORT, Dated(_SECOND, None, _CALENDAR, READ_REFORM)),
)  # fmt: skip

TERMS = PaymentTerms(30, 60, Dated(date(2019, 4, 26), None, _TERMS, READ))  # code de commerce L.441-10
