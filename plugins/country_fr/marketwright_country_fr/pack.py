"""What French law says of invoices, as data: every row and sentence with its days and where it was read.

Prepared for review by your adviser; it is no legal advice. A text that changes gets an end and a successor, and stays:
what was issued under it can be explained for ever.
"""

from datetime import date

from marketwright.plugin import (
    Country,
    Dated,
    Identifiers,
    Mandate,
    Mention,
    Place,
    Rate,
    Register,
    Tag,
    TaxCategory,
    TaxRow,
)
from marketwright_country_fr.vies import Vies
from marketwright_country_fr.work import BACKGROUND, ELECTRONIC, HOLIDAYS, OBLIGATIONS, RETENTION, RISKS, TERMS

READ = date(2026, 11, 28)
ALWAYS = date(2014, 1, 1)
EITHER = (Tag.INVOICE, Tag.CREDIT_NOTE)  # credit notes name the same three: rule BR-FR-05 of electronic invoices
# Member states: directive 2006/112/EC, article 5, and the accession treaties.
UNION = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip


def _since(day: date, source: str, until: date | None = None) -> Dated:
    return Dated(day, until, source, READ)


# Place of supply of services between businesses is the customer's: directive 2006/112/EC art. 44, CGI art. 259 1°.
# The customer declares the tax: art. 196, CGI art. 283-2. The small-business exemption: CGI art. 293 B.
TAXES = (
    TaxRow("small-business exemption", TaxCategory.EXEMPT, regimes=("franchise",), mention="franchise",
           code="VATEX-FR-FRANCHISE"),
    TaxRow("not subject to VAT", TaxCategory.OUTSIDE, regimes=("none",), mention="no_vat", code="VATEX-EU-O"),
    TaxRow("domestic", TaxCategory.STANDARD, places=(Place.DOMESTIC,)),
    TaxRow("reverse charge in the Union", TaxCategory.REVERSE_CHARGE, places=(Place.UNION,), vat_number=True,
           mention="reverse_charge", code="VATEX-EU-AE"),
    TaxRow("customer in the Union without a VAT number", TaxCategory.STANDARD, places=(Place.UNION,),
           vat_number=False),
    TaxRow("customer outside the Union", TaxCategory.OUTSIDE, places=(Place.OUTSIDE,), mention="outside_union",
           code="VATEX-EU-O"),
)  # fmt: skip

_CODE = "https://www.legifrance.gouv.fr/codes/article_lc/"
_BOFIP = "https://bofip.impots.gouv.fr/doctrine/pgp/"
_TOLERATED = (  # references to the CGI are admitted on invoices until the end of 2027, ordinance 2025-1247
    "https://www.vat-solutions.com/fr/blog/france-1/"
    "france-cibs-et-cgi-impacts-tva-pratiques-pour-les-entreprises-en-france-57"
)

MENTIONS = (
    Mention(
        "franchise",
        {"fr": "TVA non applicable, art. 293 B du CGI",
         "en": "VAT not applicable (TVA non applicable, art. 293 B du CGI)"},
        _since(ALWAYS, "https://bofip-archives.impots.gouv.fr/node/353173", date(2027, 12, 31)),
    ),
    Mention(  # the article's number in the CIBS is to be checked before 2028
        "franchise",
        {"fr": "TVA non applicable, franchise en base (code des impositions sur les biens et services)",
         "en": "VAT not applicable, small-business exemption (code des impositions sur les biens et services)"},
        _since(date(2028, 1, 1), _TOLERATED),
    ),
    Mention(
        "reverse_charge", {"fr": "Autoliquidation", "en": "Reverse charge (Autoliquidation)"},
        _since(ALWAYS, "https://fr.scribd.com/document/709231760/BOI-TVA-DECLA-30-20-20-30-20190925"),
    ),
    Mention(
        "outside_union",
        {"fr": "TVA non applicable, art. 259-1 du CGI",
         "en": "VAT not applicable: the service is taxed where the customer is (art. 259-1 du CGI)"},
        _since(ALWAYS, _CODE + "LEGIARTI000021642395", date(2027, 12, 31)),
    ),
    Mention(
        "outside_union",
        {"fr": "TVA non applicable : prestation imposable au lieu d’établissement du preneur",
         "en": "VAT not applicable: the service is taxed where the customer is"},
        _since(date(2028, 1, 1), _TOLERATED),
    ),
    Mention(
        "no_vat", {"fr": "Opération non soumise à la TVA", "en": "Not subject to VAT"},
        _since(ALWAYS, _BOFIP + "13244-PGP"),
    ),
    Mention(
        "for_another",
        {"fr": "Facture établie par {issuer} au nom et pour le compte du vendeur, en vertu d’un mandat écrit",
         "en": "Issued by {issuer} in the name and on behalf of the seller, under a written mandate"},
        _since(ALWAYS, _BOFIP + "13244-PGP"), (Tag.FOR_ANOTHER,),
    ),
    Mention(
        "penalty",
        {"fr": "Pénalités de retard : taux de refinancement de la Banque centrale européenne majoré de 10 points, "
               "exigibles sans rappel",
         "en": "Late payment: the refinancing rate of the European Central Bank plus 10 points, due without reminder"},
        _since(date(2019, 4, 26), _CODE + "LEGIARTI000038414469"), EITHER, "PMD",
    ),
    Mention(
        "recovery",
        {"fr": "Indemnité forfaitaire pour frais de recouvrement en cas de retard : 40 €",
         "en": "Flat sum for recovery costs in case of late payment: 40 EUR"},
        _since(date(2013, 1, 1), "https://formalites.infogreffe.fr/web/guest/informations-et-dossiers-entreprises/"
                                 "actualites/nouvelle-mention-sur-les-factures.html"), EITHER, "PMT",
    ),
    Mention(  # in force with electronic invoicing: R29
        "category",
        {"fr": "Opération : prestation de services", "en": "Category of the supply: services"},
        _since(date(2026, 9, 1), _CODE + "LEGIARTI000046086694"), EITHER,
    ),
    Mention(
        "discount",
        {"fr": "Pas d’escompte pour paiement anticipé", "en": "No discount for early payment"},
        _since(date(2019, 4, 26), _CODE + "LEGIARTI000038414469"), EITHER, "AAB",
    ),
)  # fmt: skip

MANDATE = Mandate(
    "2026-11",
    {
        "fr": (
            "Je donne mandat à {marketplace} d’établir et d’envoyer, en mon nom et pour mon compte, les factures et "
            "les avoirs de mes prestations convenues sur cette place de marché (article 289, I, 2 du code général des "
            "impôts ; article 242 nonies de son annexe II).\n\n"
            "Je reste seul responsable de mes obligations de facturation et de leurs conséquences en matière de TVA. "
            "Je déclare et je paie la TVA que ces factures portent, même si j’en conteste une. Je signale sans délai "
            "tout changement de mon identité ou de mon régime de TVA.\n\n"
            "Un double de chaque facture m’est remis sur cette page dès qu’elle est établie. J’ai {days} jours pour en "
            "contester le contenu par écrit ; passé ce délai elle est réputée acceptée. Une facture erronée est "
            "rectifiée par un avoir et une nouvelle facture.\n\n"
            "Mes factures portent une numérotation qui m’est propre. Ce mandat vaut pour les opérations à venir, sans "
            "durée déterminée ; je peux le retirer à tout moment sur cette page, pour l’avenir."
        ),
        "en": (
            "I give {marketplace} a mandate to draw up and send, in my name and on my behalf, the invoices and credit "
            "notes for the work that I agree on this marketplace (article 289, I, 2 of the French tax code; article "
            "242 nonies of its annex II).\n\n"
            "I alone stay responsible for my duties of invoicing and what follows from them for VAT. I declare and pay "
            "the VAT that these invoices carry, even where I contest one. I tell of every change of my identity or my "
            "VAT regime at once.\n\n"
            "I get a double of each invoice on this page as soon as it is drawn up. I have {days} days to contest it "
            "in writing; after that it counts as accepted. A wrong invoice is mended by a credit note and a new "
            "invoice.\n\n"
            "My invoices have a numbering of their own. This mandate is for work to come and has no end; I can take it "
            "back at any time on this page, for the future."
        ),
    },
    contest_days=15,
)  # fmt: skip

# Commercial code, art. R123-237 and R123-238: what a company's invoices carry beside its name and number.
FORM_HINT = {
    "fr": "Une société à capital l’ajoute ici, avec la ville de son registre : ses factures les portent. "
          "Par exemple « SAS au capital de 10 000 €, RCS Lille ».",
    "en": "A French company with share capital adds it here, with the town of its register: its invoices carry both. "
          "For example “SAS au capital de 10 000 €, RCS Lille”.",
}  # fmt: skip

FRANCE = Country(
    code="FR",
    currency="EUR",
    taxes=TAXES,
    rates=(Rate(2000, _since(ALWAYS, _CODE + "LEGIARTI000026949645")),),
    mentions=MENTIONS,
    mandate=MANDATE,
    union=UNION,
    areas={"MC": "FR"},
    needs=("name", "registration_number"),
    identifiers=Identifiers("SIREN / SIRET", ("fr.siren", "fr.siret"), "eu.vat", shared=9, shared_label="SIREN",
                            postcode="59000", form_hint=FORM_HINT),
    background=BACKGROUND,
    register=Register("0002", 9, "0225"),  # SIRENE, of which the SIREN; the directory of electronic addresses
    obligations=OBLIGATIONS, risks=RISKS, holidays=HOLIDAYS, retention=RETENTION, terms=TERMS,
    modes={"due": "S1", "paid": "S2"},  # services, to be paid or paid already: rule BR-FR-08
    electronic=ELECTRONIC, vat_check=Vies.name,
)
