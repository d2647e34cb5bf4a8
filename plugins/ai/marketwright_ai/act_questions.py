"""What is asked to tell the probable class of a project under Regulation (EU) 2024/1689."""

from marketwright.plugin import Field, FieldForm, Question

YES_NO = (("yes", {"en": "Yes", "fr": "Oui"}), ("no", {"en": "No", "fr": "Non"}))
NONE = ("none", {"en": "None of these", "fr": "Rien de tout cela"})


def _one(name: str, en: str, fr: str, choices: tuple[tuple[str, dict[str, str]], ...], *,
         hint: tuple[str, str] | None = None, several: bool = False) -> Field:  # fmt: skip
    return Field(
        "questionnaire", name, FieldForm.CHOICES if several else FieldForm.CHOICE, {"en": en, "fr": fr},
        hint={"en": hint[0], "fr": hint[1]} if hint else None, choices=choices, required=True,
    )  # fmt: skip


USE = _one(
    "act_use", "What will become of the result?", "Que deviendra le résultat ?",
    (
        ("provide", {"en": "Offered to others under our name", "fr": "Proposé à d’autres sous notre nom"}),
        ("deploy", {"en": "Used within our organisation", "fr": "Utilisé dans notre organisation"}),
        ("research", {"en": "Research alone, never put to use", "fr": "Recherche seule, jamais mise en service"}),
    ),
)  # fmt: skip
UNION = _one(
    "act_union", "Is it, or its output, used in the European Union?",
    "Est-il, ou ce qu’il produit, utilisé dans l’Union européenne ?", YES_NO,
)  # fmt: skip
PRACTICES = _one(
    "act_practices", "Does it do any of this?", "Fait-il l’une de ces choses ?",
    (
        ("manipulate", {"en": "Influence people below their awareness, to their harm",
                        "fr": "Influencer des personnes à leur insu et à leur détriment"}),
        ("exploit", {"en": "Exploit age, disability or hardship",
                     "fr": "Exploiter l’âge, un handicap ou la précarité"}),
        ("score", {"en": "Rate people by their social behaviour",
                   "fr": "Noter des personnes d’après leur comportement social"}),
        ("crime", {"en": "Predict crimes from a profile alone",
                   "fr": "Prédire des infractions d’après un seul profil"}),
        ("scrape", {"en": "Build a face database from the web or cameras",
                    "fr": "Constituer une base de visages à partir du web ou de caméras"}),
        ("emotion", {"en": "Read emotions at work or in education",
                     "fr": "Lire les émotions au travail ou dans l’enseignement"}),
        ("categorise", {"en": "Infer beliefs, origin or orientation from bodies",
                        "fr": "Déduire opinions, origine ou orientation du corps"}),
        ("remote", {"en": "Identify people at a distance in public, for the police",
                    "fr": "Identifier des personnes à distance en public, pour la police"}),
        ("imagery", {"en": "Make sexual images of real people without consent, or of children",
                     "fr": "Produire des images sexuelles de personnes réelles sans leur accord, ou d’enfants"}),
        NONE,
    ),
    hint=("Article 5.", "Article 5."), several=True,
)  # fmt: skip
PRODUCT = _one(
    "act_product", "Is it a safety component of a regulated product that a third party must assess?",
    "Est-ce un composant de sécurité d’un produit réglementé soumis à l’évaluation d’un tiers ?", YES_NO,
    hint=("Machines, medical devices, toys, lifts, vehicles … (annex I).",
          "Machines, dispositifs médicaux, jouets, ascenseurs, véhicules… (annexe I)."),
)  # fmt: skip
AREAS = _one(
    "act_areas", "Is it meant for one of these areas?", "Est-il destiné à l’un de ces domaines ?",
    (
        ("biometrics", {"en": "Biometrics", "fr": "Biométrie"}),
        ("infrastructure", {"en": "Critical infrastructure", "fr": "Infrastructures critiques"}),
        ("education", {"en": "Admission or marking in education", "fr": "Admission ou notation dans l’enseignement"}),
        ("employment", {"en": "Recruitment, promotion, tasks, dismissal",
                        "fr": "Recrutement, promotion, tâches, licenciement"}),
        ("services", {"en": "Credit, insurance, benefits, emergency calls",
                      "fr": "Crédit, assurance, aides, appels d’urgence"}),
        ("police", {"en": "Law enforcement", "fr": "Répression"}),
        ("migration", {"en": "Migration, asylum, borders", "fr": "Migration, asile, frontières"}),
        ("justice", {"en": "Justice, elections", "fr": "Justice, élections"}),
        NONE,
    ),
    hint=("Annex III.", "Annexe III."), several=True,
)  # fmt: skip
IN_AREA = ("biometrics", "infrastructure", "education", "employment", "services", "police", "migration", "justice")
PROFILING = _one(
    "act_profiling", "Does it profile natural persons?", "Établit-il le profil de personnes physiques ?", YES_NO,
    hint=("Automated evaluation of aspects of a person (GDPR, article 4).",
          "Évaluation automatisée d’aspects d’une personne (RGPD, article 4)."),
)  # fmt: skip
NARROW = _one(
    "act_narrow", "Does it only do one of these?", "Ne fait-il que l’une de ces choses ?",
    (
        ("procedural", {"en": "A narrow procedural task", "fr": "Une tâche procédurale étroite"}),
        ("improve", {"en": "Improve what a person has finished", "fr": "Améliorer ce qu’une personne a achevé"}),
        ("patterns", {"en": "Find deviations, without replacing the person’s judgement",
                      "fr": "Repérer des écarts, sans remplacer le jugement humain"}),
        ("prepare", {"en": "Prepare an assessment", "fr": "Préparer une évaluation"}),
        ("none", {"en": "No, it does more", "fr": "Non, il fait davantage"}),
    ),
    hint=("Article 6(3).", "Article 6, paragraphe 3."),
)  # fmt: skip
CONTACT = _one(
    "act_contact", "Does it do any of this?", "Fait-il l’une de ces choses ?",
    (
        ("talk", {"en": "Talk with people", "fr": "Dialoguer avec des personnes"}),
        ("generate", {"en": "Make text, images, sound or video",
                      "fr": "Produire du texte, des images, du son ou de la vidéo"}),
        ("deepfake", {"en": "Make what looks like a real person or event",
                      "fr": "Produire ce qui ressemble à une personne ou à un événement réel"}),
        ("recognise", {"en": "Recognise emotions or sort people by their bodies",
                       "fr": "Reconnaître des émotions ou classer des personnes d’après leur corps"}),
        NONE,
    ),
    hint=("Article 50.", "Article 50."), several=True,
)  # fmt: skip
MODEL = _one(
    "act_model", "What is done with a general-purpose model?", "Que fait-on d’un modèle à usage général ?",
    (
        ("none", {"en": "Nothing", "fr": "Rien"}),
        ("use", {"en": "It is used as it is, or adapted lightly",
                 "fr": "Il est utilisé tel quel, ou légèrement adapté"}),
        ("modify", {"en": "It is changed with more than a third of its training compute",
                    "fr": "Il est modifié avec plus d’un tiers de son calcul d’entraînement"}),
        ("train", {"en": "One is trained, of 10^23 operations or more",
                   "fr": "On en entraîne un, de 10^23 opérations ou plus"}),
    ),
)  # fmt: skip
SYSTEMIC = _one(
    "act_systemic", "Does its training reach 10^25 operations?",
    "Son entraînement atteint-il 10^25 opérations ?", YES_NO,
)  # fmt: skip

QUESTIONS = (
    Question(USE),
    Question(UNION),
    Question(PRACTICES, {"act_union": ("yes",)}),
    Question(PRODUCT, {"act_union": ("yes",)}),
    Question(AREAS, {"act_union": ("yes",)}),
    Question(PROFILING, {"act_areas": IN_AREA}),
    Question(NARROW, {"act_areas": IN_AREA, "act_profiling": ("no",)}),
    Question(CONTACT, {"act_union": ("yes",)}),
    Question(MODEL, {"act_union": ("yes",)}),
    Question(SYSTEMIC, {"act_model": ("modify", "train")}),
)
