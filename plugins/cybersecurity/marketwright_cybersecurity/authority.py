"""The authority to act in an incident: what may be done to which systems, signed by whoever owns and hosts them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from marketwright.plugin import N_, Condition, Field, FieldForm, HandedIn, Role, Signatory, say

AUTHORITY = "cybersecurity.authority_to_act"
PAPER = "authority_to_act"
_HELD = (
    ("owned", {"en": "Owned by the client", "fr": "Propriété du client"}),
    ("hosted", {"en": "Run by a host", "fr": "Exploité par un hébergeur"}),
)  # fmt: skip
_ACTS = (
    ("copy", {"en": "Copy disks, memory and logs as evidence",
              "fr": "Copier disques, mémoire et journaux à titre de preuve"}),
    ("isolate", {"en": "Take machines off the network", "fr": "Isoler des machines du réseau"}),
    ("lock", {"en": "Lock accounts and end sessions", "fr": "Verrouiller des comptes et clore des sessions"}),
    ("block", {"en": "Block addresses and names", "fr": "Bloquer des adresses et des noms de domaine"}),
    ("stop", {"en": "Stop services", "fr": "Arrêter des services"}),
    ("read", {"en": "Read mailboxes, as far as the incident demands",
              "fr": "Lire des boîtes de courriel, dans la mesure où l’incident l’exige"}),
    ("restore", {"en": "Restore from backups", "fr": "Restaurer depuis les sauvegardes"}),
)  # fmt: skip


def _field(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("condition", name, form, {"en": en, "fr": fr}, sealed=True, **more)


SYSTEMS = _field(
    "systems", FieldForm.ROWS, "Systems", "Systèmes", required=True, most=30,
    rows=(
        Field("condition", "system", FieldForm.TEXT, {"en": "System", "fr": "Système"}, required=True,
              hint={"en": "As its owner names it: a domain, a tenant, a site.",
                    "fr": "Comme le nomme son propriétaire : un domaine, un tenant, un site."}),
        Field("condition", "system_held", FieldForm.CHOICE, {"en": "Held by", "fr": "Détention"}, choices=_HELD,
              required=True),
    ),
)  # fmt: skip
ACTS = _field(
    "acts_allowed", FieldForm.CHOICES, "May be done without asking again", "Permis sans nouvelle demande",
    hint={"en": "What is not ticked waits each time for whoever decides.",
          "fr": "Ce qui n’est pas coché attend à chaque fois la décision de qui décide."}, choices=_ACTS,
)  # fmt: skip
DECIDES = _field("who_decides", FieldForm.TEXT, "Who decides, day and night", "Qui décide, jour et nuit", required=True,
                 hint={"en": "Name and telephone.", "fr": "Nom et téléphone."})  # fmt: skip
UNTIL = _field("authority_until", FieldForm.DATE, "Valid until", "Valable jusqu’au", required=True)


def check(handed: HandedIn) -> Mapping[str, str]:
    """It lasts beyond today, and a host signs where one is named."""
    errors: dict[str, str] = {}
    if date.fromisoformat(str(handed.values["authority_until"])) <= handed.now.date():
        errors["authority_until"] = say("This day is over: everybody signs first.")
    hosted = any(row.get("system_held") == "hosted" for row in handed.values.get("systems", ()))
    if hosted and not any(p.kind == "host" for p in handed.signatories):
        errors["host"] = say("A host runs some of this: name who signs for the host.")
    return errors


def _example(day: date) -> Mapping[str, Any]:
    return {
        "systems": [{"system": "Windows domain lys.example.org, file servers", "system_held": "owned"},
                    {"system": "Mail tenant", "system_held": "hosted"}],
        "acts_allowed": ["copy", "isolate", "lock"], "who_decides": "N. Roussel, +33 3 20 00 00 00",
        "authority_until": (day + timedelta(days=120)).isoformat(),
    }  # fmt: skip


CONDITION = Condition(
    name=AUTHORITY,
    label=N_("Authority to act"),
    how=N_(
        "The {client} says which systems the {freelancer} may act on, what may be done without asking again, and who "
        "decides on the rest. Whoever owns and whoever hosts the systems sign it through a link by mail, before "
        "anything happens: nobody is on call without it."
    ),
    role=Role.CLIENT,
    fields=(SYSTEMS, ACTS, DECIDES, UNTIL),
    check=check,
    paper=PAPER,
    signatories=(
        Signatory("owner", N_("Owner of the systems"),
                  N_("Who may decide over these systems; often the {client} itself."), most=8),
        Signatory("host", N_("Host of the systems"),
                  N_("Who runs machines or networks for the owner, if anybody does."), least=0, most=8),
    ),
    confidential=True,
    example=_example,
)  # fmt: skip
