"""What the data asks for: the processing agreement of GDPR article 28, the access list, its withdrawal."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from marketwright.plugin import N_, Condition, Field, FieldForm, HandedIn, Role, say

PROCESSING, ACCESS, WITHDRAWN = "data.processing_agreement", "data.access_list", "data.access_withdrawn"
AGREEMENT_PAPER, ACCESS_PAPER, WITHDRAWAL_PAPER = "data_processing_agreement", "data_access_list", "data_withdrawal"
PERSONAL: Final = ("pseudonymised", "ordinary", "special")

TRANSFERS: Final = (
    ("none", {"en": "None: the data stays in the EEA", "fr": "Aucun : les données restent dans l’EEE"}),
    (
        "adequacy",
        {"en": "To a country with an adequacy decision", "fr": "Vers un pays couvert par une décision d’adéquation"},
    ),
    ("clauses", {"en": "Under standard contractual clauses", "fr": "Encadrés par des clauses contractuelles types"}),
)
MEASURES: Final = (
    ("named_access", {"en": "Personal accounts, least rights", "fr": "Comptes nominatifs, moindre privilège"}),
    ("strong_sign_in", {"en": "Sign-in with two factors", "fr": "Authentification à deux facteurs"}),
    ("encrypted", {"en": "Encryption at rest and on the way", "fr": "Chiffrement au repos et en transit"}),
    ("pseudonyms", {"en": "Pseudonymisation, key held elsewhere", "fr": "Pseudonymisation, clé tenue ailleurs"}),
    ("no_copy", {"en": "No copy outside the agreed place", "fr": "Aucune copie hors du lieu convenu"}),
    ("logged", {"en": "Readings are logged and looked at", "fr": "Lectures journalisées et revues"}),
    ("masked_samples", {"en": "Samples are masked or synthetic", "fr": "Échantillons masqués ou synthétiques"}),
)
ENDS: Final = (
    ("delete", {"en": "Deletion, confirmed in writing", "fr": "Suppression, attestée par écrit"}),
    ("return", {"en": "Return, then deletion of copies", "fr": "Restitution, puis suppression des copies"}),
)
RIGHTS: Final = (
    ("read", {"en": "Read", "fr": "Lecture"}),
    ("read_masked", {"en": "Read, masked", "fr": "Lecture, masquée"}),
    ("write", {"en": "Write to a target", "fr": "Écriture dans une cible"}),
    ("administer", {"en": "Administer", "fr": "Administration"}),
)
COPIES: Final = (
    ("never_any", {"en": "There never was one", "fr": "Il n’y en a jamais eu"}),
    ("deleted", {"en": "Deleted", "fr": "Supprimées"}),
    ("returned", {"en": "Returned, then deleted", "fr": "Restituées, puis supprimées"}),
    (
        "kept_by_law",
        {"en": "Some is kept because a law asks for it", "fr": "Une partie est conservée car une loi l’impose"},
    ),
)


def _ask(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("condition", name, form, {"en": en, "fr": fr}, **more)


_PROCESSING = (
    _ask("dpa_subject", FieldForm.LONG_TEXT, "Subject matter", "Objet du traitement", required=True),
    _ask("dpa_nature", FieldForm.LONG_TEXT, "Nature of the processing", "Nature du traitement", required=True,
         hint={"en": "What is done with the data: reading, linking, correcting, storing, …",
               "fr": "Ce qui est fait des données : lecture, rapprochement, correction, stockage…"}),
    _ask("dpa_purpose", FieldForm.LONG_TEXT, "Purpose", "Finalité", required=True),
    _ask("dpa_until", FieldForm.DATE, "Until", "Jusqu’au", required=True,
         hint={"en": "The last day of the processing; deletion follows.",
               "fr": "Le dernier jour du traitement ; la suppression suit."}),
    _ask("dpa_types", FieldForm.LONG_TEXT, "Types of personal data", "Types de données personnelles", required=True),
    _ask("dpa_special", FieldForm.LONG_TEXT, "Special categories (articles 9 and 10)",
         "Catégories particulières (articles 9 et 10)",
         hint={"en": "Which, and the basis on which they may be processed.",
               "fr": "Lesquelles, et le fondement qui en permet le traitement."}),
    _ask("dpa_persons", FieldForm.LONG_TEXT, "Categories of persons", "Catégories de personnes", required=True),
    _ask("dpa_measures", FieldForm.CHOICES, "Security measures", "Mesures de sécurité", choices=MEASURES,
         required=True),
    _ask("dpa_measures_more", FieldForm.LONG_TEXT, "Security in particular", "Précisions de sécurité"),
    _ask("dpa_transfers", FieldForm.CHOICE, "Transfers outside the EEA", "Transferts hors de l’EEE",
         choices=TRANSFERS, required=True),
    _ask("dpa_transfer_country", FieldForm.TEXT, "To which country, to whom", "Vers quel pays, à qui"),
    _ask("dpa_subprocessors", FieldForm.ROWS, "Subprocessors", "Sous-traitants ultérieurs", rows=(
        _ask("subprocessor", FieldForm.TEXT, "Name", "Nom", required=True),
        _ask("subprocessor_task", FieldForm.TEXT, "For what", "Pour quoi", required=True),
        _ask("subprocessor_place", FieldForm.TEXT, "Country", "Pays", required=True),
    ), most=10),
    _ask("dpa_end", FieldForm.CHOICE, "At the end", "Au terme", choices=ENDS, required=True),
    _ask("dpa_contact", FieldForm.TEXT, "Contact of the {client} for data protection",
         "Contact du client pour la protection des données", required=True),
)  # fmt: skip
_ACCESS = (
    _ask("access_rows", FieldForm.ROWS, "Accesses", "Accès", required=True, most=40, rows=(
        _ask("access_person", FieldForm.TEXT, "Person", "Personne", required=True),
        _ask("access_source", FieldForm.TEXT, "Source", "Source", required=True),
        _ask("access_right", FieldForm.CHOICE, "Right", "Droit", choices=RIGHTS, required=True),
        _ask("access_since", FieldForm.DATE, "Since", "Depuis le", required=True),
        _ask("access_by", FieldForm.TEXT, "Granted by", "Accordé par", required=True),
    )),
)  # fmt: skip
_WITHDRAWN = (
    _ask("withdrawn_rows", FieldForm.ROWS, "Accesses withdrawn", "Accès retirés", required=True, most=40, rows=(
        _ask("withdrawn_person", FieldForm.TEXT, "Person", "Personne", required=True),
        _ask("withdrawn_source", FieldForm.TEXT, "Source", "Source", required=True),
        _ask("withdrawn_on", FieldForm.DATE, "Withdrawn on", "Retiré le", required=True),
    )),
    _ask("copies_left", FieldForm.CHOICE, "Copies of the data", "Copies des données", choices=COPIES, required=True),
    _ask("kept_what", FieldForm.LONG_TEXT, "What is kept, by which law, until when",
         "Ce qui est conservé, par quel texte, jusqu’à quand"),
)  # fmt: skip


def _today(handed: HandedIn) -> date:
    return handed.now.astimezone(ZoneInfo(handed.zone)).date()


def check_agreement(handed: HandedIn) -> Mapping[str, str]:
    """Special categories are named where the brief says there are some; a transfer says where; the end is to come."""
    found: dict[str, str] = {}
    v = handed.values
    if handed.mission.get("data_of_persons") == "special" and not v.get("dpa_special"):
        found["dpa_special"] = say("The brief says that there are special categories: name them and their basis.")
    if v.get("dpa_transfers") in ("adequacy", "clauses") and not v.get("dpa_transfer_country"):
        found["dpa_transfer_country"] = say("Say to which country and to whom the data goes.")
    if date.fromisoformat(v["dpa_until"]) < _today(handed):
        found["dpa_until"] = say("This day has passed.")
    return found


def check_access(handed: HandedIn) -> Mapping[str, str]:
    """No access twice, and none from before the agreement that allows it was signed is hidden: dates are plain."""
    found: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    for n, row in enumerate(handed.values["access_rows"]):
        one = (row["access_person"].casefold(), row["access_source"].casefold())
        if one in seen:
            found[f"access_rows-{n}-access_source"] = say("This person has this source above already.")
        seen.add(one)
        if date.fromisoformat(row["access_since"]) > _today(handed):
            found[f"access_rows-{n}-access_since"] = say("This day is still to come: list what is open today.")
    return found


def check_withdrawn(handed: HandedIn) -> Mapping[str, str]:
    """Nothing is withdrawn in the future; what is kept by law is named."""
    found = {
        f"withdrawn_rows-{n}-withdrawn_on": say("This day is still to come: confirm it once it is done.")
        for n, row in enumerate(handed.values["withdrawn_rows"])
        if date.fromisoformat(row["withdrawn_on"]) > _today(handed)
    }
    if handed.values["copies_left"] == "kept_by_law" and not handed.values.get("kept_what"):
        found["kept_what"] = say("Name what is kept, the law that asks for it, and the day it is deleted.")
    return found


def _processing_of(day: date) -> Mapping[str, Any]:
    return {
        "dpa_subject": "Reconciling ticket sales with the counts of the gates.",
        "dpa_nature": "Reading, linking by a keyed pseudonym, counting; no decision about any person.",
        "dpa_purpose": "The monthly report that the transport authority asks for.",
        "dpa_until": date(day.year + 1, day.month, 1).isoformat(),
        "dpa_types": "Number of the travel card (pseudonymised), place and time of each journey.",
        "dpa_persons": "Travellers with a personal card.",
        "dpa_measures": ["named_access", "encrypted", "no_copy"], "dpa_transfers": "none", "dpa_end": "delete",
        "dpa_contact": "dpo@example.org",
    }  # fmt: skip


def _access_of(day: date) -> Mapping[str, Any]:
    row = {"access_person": "Ana Exemple", "access_source": "Ticketing, schema sales", "access_right": "read_masked",
           "access_since": day.isoformat(), "access_by": "Paul Exemple"}  # fmt: skip
    return {"access_rows": [row]}


def _withdrawn_of(day: date) -> Mapping[str, Any]:
    row = {"withdrawn_person": "Ana Exemple", "withdrawn_source": "Ticketing, schema sales",
           "withdrawn_on": day.isoformat()}  # fmt: skip
    return {"withdrawn_rows": [row], "copies_left": "never_any"}


CONDITIONS = (
    Condition(
        name=PROCESSING, label=N_("Processing agreement (GDPR, article 28)"),
        how=N_("The {client} says what is processed, whose data, how it is protected; both sides sign it."),
        # A timesheet waits too, until it counts as late: no day may be lost because the client owes a paper.
        role=Role.CLIENT, before=("fund", "deliver", "deliver_late", "deliver_again", "submit"),
        when={"data_of_persons": PERSONAL}, fields=_PROCESSING,
        check=check_agreement, paper=AGREEMENT_PAPER, parties=(Role.CLIENT, Role.FREELANCER), example=_processing_of,
    ),
    Condition(
        name=ACCESS, label=N_("Access list"),
        how=N_("The {client} lists who may read which source, with which right, since when; the {freelancer} signs."),
        role=Role.CLIENT, fields=_ACCESS, check=check_access, paper=ACCESS_PAPER, parties=(Role.FREELANCER,),
        confidential=True, example=_access_of,
    ),
    Condition(
        name=WITHDRAWN, label=N_("Access withdrawn, copies gone"),
        how=N_("The {freelancer} says for each access when it was withdrawn, and what became of copies."),
        role=Role.FREELANCER, only_last=True, fields=_WITHDRAWN, check=check_withdrawn, paper=WITHDRAWAL_PAPER,
        parties=(Role.FREELANCER,), confidential=True, example=_withdrawn_of,
    ),
)  # fmt: skip
