"""What practitioners say of their practice: the kinds of work done, by which standards, where, and when on call."""

from typing import Any

from marketwright.plugin import Field, FieldForm

ENGAGEMENTS: Any = (
    ("pentest", {"en": "Penetration test", "fr": "Test d’intrusion"}),
    ("red_team", {"en": "Red team", "fr": "Red team"}),
    ("audit", {"en": "Audit", "fr": "Audit"}),
    ("incident_response", {"en": "Incident response", "fr": "Réponse à incident"}),
    ("detection", {"en": "Detection", "fr": "Détection"}),
    ("governance", {"en": "Governance", "fr": "Gouvernance"}),
)
TOUCHING = ("pentest", "red_team")  # the kinds that touch systems as an attacker would
_STANDARDS: Any = tuple((key, {"en": words, "fr": words}) for key, words in (
    ("wstg", "OWASP WSTG"), ("asvs", "OWASP ASVS"), ("ptes", "PTES"), ("osstmm", "OSSTMM 3"),
    ("nist_800_115", "NIST SP 800-115"), ("tiber", "TIBER-EU"), ("attack", "MITRE ATT&CK"),
    ("nist_800_61", "NIST SP 800-61"), ("iso_27037", "ISO/IEC 27037"), ("sigma", "Sigma"),
    ("iso_27001", "ISO/IEC 27001"), ("ebios", "EBIOS RM"), ("iec_62443", "IEC 62443"), ("nis2", "NIS 2"),
    ("dora", "DORA"),
))  # fmt: skip
_SECTORS: Any = (
    ("finance", {"en": "Bank and insurance", "fr": "Banque et assurance"}),
    ("health", {"en": "Health", "fr": "Santé"}),
    ("industry", {"en": "Industry and energy", "fr": "Industrie et énergie"}),
    ("public", {"en": "Public bodies", "fr": "Secteur public"}),
    ("retail", {"en": "Trade and logistics", "fr": "Commerce et logistique"}),
    ("software", {"en": "Software and cloud", "fr": "Logiciel et cloud"}),
    ("telecom", {"en": "Telecoms", "fr": "Télécoms"}),
    ("transport", {"en": "Transport", "fr": "Transports"}),
)
_ON_CALL: Any = (
    ("none", {"en": "Not on call", "fr": "Pas d’astreinte"}),
    ("working_days", {"en": "On working days", "fr": "Les jours ouvrés"}),
    ("round_the_clock", {"en": "Day and night", "fr": "Jour et nuit"}),
)

PROFILE: tuple[Field, ...] = (
    Field("profile", "engagements_done", FieldForm.CHOICES,
          {"en": "Engagements carried out", "fr": "Interventions menées"},
          hint={"en": "What you have led yourself, to its end.",
                "fr": "Ce que vous avez conduit vous-même, jusqu’au bout."},
          choices=ENGAGEMENTS, facet=True),
    Field("profile", "standards", FieldForm.CHOICES, {"en": "Methods and standards", "fr": "Méthodes et référentiels"},
          hint={"en": "Those you have reported by.", "fr": "Ceux selon lesquels vous avez rendu un rapport."},
          choices=_STANDARDS, facet=True),
    Field("profile", "tooling", FieldForm.TEXT, {"en": "Tools of the trade", "fr": "Outils de travail"},
          hint={"en": "The few you would not work without.", "fr": "Ceux dont vous ne vous passez pas."}),
    Field("profile", "sectors", FieldForm.CHOICES, {"en": "Sectors", "fr": "Secteurs"}, choices=_SECTORS, facet=True),
    Field("profile", "on_call", FieldForm.CHOICE,
          {"en": "On call for incidents", "fr": "Astreinte pour incidents"},
          hint={"en": "Whether you can be called when something has happened.",
                "fr": "Si l’on peut vous appeler quand quelque chose est arrivé."}, choices=_ON_CALL, facet=True),
    Field("profile", "calls_back_within", FieldForm.NUMBER,
          {"en": "Calls back within", "fr": "Rappelle sous"}, unit="h", minimum=1, maximum=72),
)  # fmt: skip
