"""What the probable class under Regulation (EU) 2024/1689 adds to the contract. Prepared for review by an adviser."""

from marketwright.plugin import Section

HELP = {
    "en": "The class comes from a questionnaire that the {client} answered. It is help for the parties’ advisers, "
          "prepared for their review, and not legal advice; the parties remain bound by what the Regulation says.",
    "fr": "La classe provient d’un questionnaire auquel {client.le} a répondu. C’est une aide destinée aux conseils "
          "des parties, à relire par eux, et non un avis juridique ; les parties restent tenues par le règlement "
          "lui-même.",
}  # fmt: skip
_EN = "EU AI Act: probable class and duties"
_FR = "Règlement européen sur l’IA : classe probable et obligations"
ACT: dict[str, dict[str, Section]] = {
    "en": {
        "prohibited": Section(_EN, (
            "The project probably touches a practice that article 5 of Regulation (EU) 2024/1689 prohibits. No work "
            "that serves that practice is due under this contract. The {freelancer} may refuse it, and be paid for "
            "what was done before it showed.",
        )),
        "high_risk": Section(_EN, (
            "The project probably falls among the high-risk systems of article 6 of Regulation (EU) 2024/1689. The "
            "{client} states whether it is the provider or the deployer of the system, and bears that role's duties.",
            "The {freelancer} hands over what articles 10 to 15 ask for as far as it concerns this work: governance "
            "of the data, technical documentation after annex IV, logging, information for deployers, human "
            "oversight, accuracy, robustness and cybersecurity. Conformity assessment, registration and marking "
            "remain the provider's.",
            "No candidate goes into service before the {client} has put the risk file on record. A change that alters "
            "the intended purpose is told to the other party before it is made.",
        )),
        "transparency": Section(_EN, (
            "The project probably falls under the transparency duties of article 50 of Regulation (EU) 2024/1689. "
            "Persons are told that they deal with an AI system; content that it makes or changes is marked in a "
            "machine-readable way as far as the state of the art allows. The {freelancer} delivers the marking and "
            "the notices, the {client} keeps them in place.",
        )),
        "general_purpose": Section(_EN, (
            "The work probably makes or substantially changes a general-purpose model (chapter V of Regulation (EU) "
            "2024/1689). The {freelancer} hands over the technical documentation, the information for those who build "
            "on the model, and what the summary of the training content needs; the copyright policy is the provider's.",
        )),
        "minimal": Section(_EN, (
            "The project probably carries no duty of Regulation (EU) 2024/1689 beyond AI literacy (article 4). Each "
            "party tells the other before a change that might alter this.",
        )),
    },
    "fr": {
        "prohibited": Section(_FR, (
            "Le projet touche probablement à une pratique interdite par l’article 5 du règlement (UE) 2024/1689. "
            "Aucun travail servant cette pratique n’est dû au titre du présent contrat. {Freelancer.le} peut le "
            "refuser et reste payé de ce qui a été fait avant que cela n’apparaisse.",
        )),
        "high_risk": Section(_FR, (
            "Le projet relève probablement des systèmes à haut risque de l’article 6 du règlement (UE) 2024/1689. "
            "{Client.le} indique s’il est fournisseur ou déployeur du système, et assume les obligations de ce rôle.",
            "{Freelancer.le} remet ce que demandent les articles 10 à 15 pour ce qui concerne le présent travail : "
            "gouvernance des données, documentation technique selon l’annexe IV, journalisation, information des "
            "déployeurs, contrôle humain, exactitude, robustesse et cybersécurité. L’évaluation de conformité, "
            "l’enregistrement et le marquage restent au fournisseur.",
            "Aucun candidat n’est mis en service avant que {client.le} ait versé le dossier de risques. Toute "
            "modification de la destination est annoncée à l’autre partie avant d’être faite.",
        )),
        "transparency": Section(_FR, (
            "Le projet relève probablement des obligations de transparence de l’article 50 du règlement (UE) "
            "2024/1689. Les personnes sont informées qu’elles ont affaire à un système d’IA ; le contenu qu’il "
            "produit ou modifie est marqué de façon lisible par machine autant que l’état de l’art le permet. "
            "{Freelancer.le} livre le marquage et les mentions, {client.le} les maintient.",
        )),
        "general_purpose": Section(_FR, (
            "Le travail crée ou modifie probablement de façon substantielle un modèle à usage général (chapitre V du "
            "règlement (UE) 2024/1689). {Freelancer.le} remet la documentation technique, les informations destinées "
            "à qui s’appuie sur le modèle et ce qu’exige le résumé des contenus d’entraînement ; la politique de "
            "droit d’auteur revient au fournisseur.",
        )),
        "minimal": Section(_FR, (
            "Le projet n’emporte probablement aucune obligation du règlement (UE) 2024/1689 au-delà de la maîtrise de "
            "l’IA (article 4). Chaque partie prévient l’autre avant une modification qui pourrait changer cela.",
        )),
    },
}  # fmt: skip
