"""What a brief and a profile say beyond any other: sources, volume, sensitivity, where the data stays."""

from typing import Final

from marketwright.plugin import Field, FieldForm

WORK: Final = (
    ("pipeline", {"en": "Pipelines and flows", "fr": "Flux et pipelines"}),
    ("warehouse", {"en": "Warehouse and models", "fr": "Entrepôt et modèles"}),
    ("dashboards", {"en": "Indicators and dashboards", "fr": "Indicateurs et tableaux de bord"}),
    ("quality", {"en": "Quality and reference data", "fr": "Qualité et référentiels"}),
    ("migration", {"en": "Migration", "fr": "Reprise et migration"}),
    ("protection", {"en": "Protection and governance", "fr": "Protection et gouvernance"}),
    ("analysis", {"en": "Analysis and forecasting", "fr": "Analyse et prévision"}),
)
KINDS: Final = (
    ("database", {"en": "Databases", "fr": "Bases de données"}),
    ("files", {"en": "Files", "fr": "Fichiers"}),
    ("spreadsheets", {"en": "Spreadsheets", "fr": "Tableurs"}),
    ("api", {"en": "APIs", "fr": "API"}),
    ("events", {"en": "Event streams", "fr": "Flux d’événements"}),
    ("sensors", {"en": "Sensors", "fr": "Capteurs"}),
    ("mainframe", {"en": "Mainframe or old system", "fr": "Mainframe ou système ancien"}),
)
VOLUMES: Final = (
    ("gb", {"en": "Up to 10 GB", "fr": "Jusqu’à 10\u00a0Go"}),
    ("tens_gb", {"en": "10 to 100 GB", "fr": "De 10 à 100\u00a0Go"}),
    ("hundreds_gb", {"en": "100 GB to 1 TB", "fr": "De 100 Go à 1\u00a0To"}),
    ("tb", {"en": "1 to 20 TB", "fr": "De 1 à 20\u00a0To"}),
    ("more_tb", {"en": "More than 20 TB", "fr": "Plus de 20\u00a0To"}),
)
SENSITIVITIES: Final = (
    ("public", {"en": "Public", "fr": "Publiques"}),
    ("internal", {"en": "Internal", "fr": "Internes"}),
    ("confidential", {"en": "Confidential", "fr": "Confidentielles"}),
    ("regulated", {"en": "Regulated (health, finance, public records)",
                   "fr": "Réglementées (santé, finance, fichiers publics)"}),
)  # fmt: skip
PERSONAL: Final = (
    ("none", {"en": "No personal data", "fr": "Aucune donnée personnelle"}),
    ("pseudonymised", {"en": "Pseudonymised data of persons", "fr": "Données de personnes, pseudonymisées"}),
    ("ordinary", {"en": "Personal data", "fr": "Données personnelles"}),
    ("special", {"en": "Special categories (health, opinions, …)",
                 "fr": "Catégories particulières (santé, opinions, …)"}),
)  # fmt: skip
PLACES: Final = (
    ("client", {"en": "In the client’s own systems", "fr": "Dans les systèmes du client"}),
    ("client_cloud", {"en": "In the client’s cloud account", "fr": "Dans le compte cloud du client"}),
    ("own_eu", {"en": "On the specialist’s systems, in the EU", "fr": "Sur les systèmes du spécialiste, dans l’UE"}),
)

FIELDS: Final = (
    Field("mission", "data_work", FieldForm.CHOICE,
          {"en": "Kind of data work", "fr": "Type de travail sur les données"},
          choices=WORK, required=True, facet=True),
    Field("mission", "source_count", FieldForm.NUMBER, {"en": "Number of sources", "fr": "Nombre de sources"},
          hint={"en": "Systems or files that the work reads from. Each one costs days of its own.",
                "fr": "Systèmes ou fichiers lus pendant la mission. Chacun coûte ses propres jours."},
          required=True, facet=True, unit="", minimum=1, maximum=200, column=True),
    Field("mission", "source_kinds", FieldForm.CHOICES, {"en": "Kinds of sources", "fr": "Types de sources"},
          choices=KINDS, facet=True),
    Field("mission", "volume", FieldForm.CHOICE, {"en": "Volume", "fr": "Volume"}, choices=VOLUMES, required=True,
          facet=True, column=True),
    Field("mission", "sensitivity", FieldForm.CHOICE, {"en": "Sensitivity", "fr": "Sensibilité"},
          choices=SENSITIVITIES, required=True, facet=True),
    Field("mission", "data_of_persons", FieldForm.CHOICE, {"en": "Data of persons", "fr": "Données de personnes"},
          hint={"en": "Pseudonymised data is personal data too. Anything but none asks for a processing agreement "
                      "(GDPR, article 28) before work starts.",
                "fr": "Des données pseudonymisées restent personnelles. Toute réponse autre qu’aucune demande un "
                      "accord de sous-traitance (RGPD, article 28) avant le début des travaux."},
          choices=PERSONAL, required=True, facet=True),
    Field("mission", "data_hosting", FieldForm.CHOICE, {"en": "Where the data stays", "fr": "Où restent les données"},
          choices=PLACES, facet=True),
    Field("mission", "data_sources", FieldForm.LONG_TEXT, {"en": "Sources by name", "fr": "Sources, nommées"},
          hint={"en": "One a line: system, schema or folder. Read only by who signed the confidentiality agreement.",
                "fr": "Une par ligne : système, schéma ou dossier. Lu seulement par qui a signé l’accord de "
                      "confidentialité."},
          private=True),
    Field("profile", "data_place", FieldForm.CHOICES, {"en": "Works on data", "fr": "Travaille sur les données"},
          choices=PLACES, facet=True),
    Field("profile", "largest_volume", FieldForm.CHOICE,
          {"en": "Largest volume in production", "fr": "Plus grand volume en production"}, choices=VOLUMES, facet=True),
    Field("profile", "processor_before", FieldForm.YES_NO,
          {"en": "Has worked under a processing agreement", "fr": "A déjà travaillé sous un accord de sous-traitance"},
          facet=True),
)  # fmt: skip
