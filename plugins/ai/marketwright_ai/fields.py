"""What a brief and a profile say beyond any other trade's: the task, the model, how it is measured, what it is fed."""

from marketwright.plugin import Field, FieldForm

Choices = tuple[tuple[str, dict[str, str]], ...]

TASKS: Choices = (
    ("prediction", {"en": "Prediction from records", "fr": "Prévision à partir de données"}),
    ("language", {"en": "Language", "fr": "Langue"}),
    ("retrieval", {"en": "Search and answers", "fr": "Recherche et réponses"}),
    ("vision", {"en": "Vision", "fr": "Vision"}),
    ("speech", {"en": "Speech", "fr": "Parole"}),
    ("agent", {"en": "Agent", "fr": "Agent"}),
    ("optimisation", {"en": "Optimisation", "fr": "Optimisation"}),
    ("evaluation", {"en": "Evaluation or red teaming", "fr": "Évaluation ou red teaming"}),
)
ROUTES: Choices = (
    ("from_scratch", {"en": "Trained from scratch", "fr": "Entraîné de zéro"}),
    ("open_weights", {"en": "Open weights, adapted", "fr": "Poids ouverts, adaptés"}),
    ("hosted", {"en": "A provider’s hosted model", "fr": "Modèle hébergé d’un fournisseur"}),
    ("existing", {"en": "The client’s own model", "fr": "Modèle existant du client"}),
)
# Whether more is better is the metric's own; the threshold is read in its usual unit.
METRICS: Choices = (
    ("accuracy", {"en": "Accuracy", "fr": "Exactitude"}),
    ("precision", {"en": "Precision", "fr": "Précision"}),
    ("recall", {"en": "Recall", "fr": "Rappel"}),
    ("f1", {"en": "F1", "fr": "F1"}),
    ("auroc", {"en": "AUROC", "fr": "AUROC"}),
    ("map", {"en": "Mean average precision", "fr": "Précision moyenne (mAP)"}),
    ("ndcg", {"en": "nDCG@10", "fr": "nDCG@10"}),
    ("pass_rate", {"en": "Share of cases passed", "fr": "Part de cas réussis"}),
    ("mae", {"en": "Mean absolute error", "fr": "Erreur absolue moyenne"}),
    ("wer", {"en": "Word error rate (%)", "fr": "Taux d’erreur par mot (%)"}),
    ("cer", {"en": "Character error rate (%)", "fr": "Taux d’erreur par caractère (%)"}),
)
LESS_IS_BETTER = frozenset({"mae", "wer", "cer"})
HOLDERS: Choices = (
    ("client", {"en": "The client", "fr": "Le client"}),
    ("third_party", {"en": "A third party", "fr": "Un tiers"}),
    ("freelancer", {"en": "Whoever does the work", "fr": "Qui réalise le travail"}),
)
COMPUTE: Choices = (
    ("client_cloud", {"en": "The client’s cloud account", "fr": "Compte cloud du client"}),
    ("client_site", {"en": "The client’s own machines", "fr": "Machines du client"}),
    ("freelancer", {"en": "Machines of whoever does the work", "fr": "Machines de qui réalise le travail"}),
)
DATA_LICENCES: Choices = (
    ("owned", {"en": "The client’s own data", "fr": "Données du client"}),
    ("licensed", {"en": "Licensed for training", "fr": "Sous licence d’entraînement"}),
    ("open", {"en": "Open licence", "fr": "Licence ouverte"}),
    ("mining", {"en": "Text and data mining, opt-outs respected", "fr": "Fouille de textes, oppositions respectées"}),
    ("none", {"en": "Nothing is trained", "fr": "Rien n’est entraîné"}),
)
OWNERS: Choices = (
    ("client", {"en": "The client owns them", "fr": "Au client"}),
    ("licence", {"en": "The client has a licence", "fr": "Licence au client"}),
    ("open", {"en": "Published under an open licence", "fr": "Publiés sous licence ouverte"}),
)

MISSION: tuple[Field, ...] = (
    Field("mission", "ai_task", FieldForm.CHOICE, {"en": "Task", "fr": "Tâche"}, choices=TASKS, required=True,
          facet=True),
    Field("mission", "model_route", FieldForm.CHOICE, {"en": "Model", "fr": "Modèle"}, choices=ROUTES, facet=True),
    Field(
        "mission", "evaluation_metric", FieldForm.CHOICE, {"en": "Measured by", "fr": "Mesure"}, choices=METRICS,
        hint={"en": "The one number that decides. Others may be reported beside it.",
              "fr": "Le seul chiffre qui décide. D’autres peuvent figurer à côté."},
    ),
    Field(
        "mission", "evaluation_threshold", FieldForm.NUMBER, {"en": "Threshold", "fr": "Seuil"}, minimum=0,
        hint={"en": "Shares as 0.88, error rates in per cent, errors in their unit.",
              "fr": "Les parts comme 0,88, les taux d’erreur en pour cent, les erreurs dans leur unité."},
    ),
    Field(
        "mission", "test_set_holder", FieldForm.CHOICE, {"en": "Test set held by", "fr": "Jeu de test tenu par"},
        choices=HOLDERS, facet=True,
        hint={"en": "Whoever holds it runs the measurement. Best kept from whoever trains.",
              "fr": "Qui le tient réalise la mesure. De préférence pas qui entraîne."},
    ),
    Field("mission", "compute_where", FieldForm.CHOICE, {"en": "Compute", "fr": "Calcul"}, choices=COMPUTE, facet=True),
    Field("mission", "gpu_hours", FieldForm.NUMBER, {"en": "GPU hours at most", "fr": "Heures de GPU au plus"},
          unit="h", minimum=0, maximum=1_000_000),
    Field("mission", "training_data_licence", FieldForm.CHOICE, {"en": "Training data", "fr": "Données d’entraînement"},
          choices=DATA_LICENCES, facet=True),
    Field("mission", "weights_owner", FieldForm.CHOICE, {"en": "Weights", "fr": "Poids"}, choices=OWNERS, facet=True),
    Field(
        "mission", "test_set_note", FieldForm.LONG_TEXT, {"en": "About the test set", "fr": "À propos du jeu de test"},
        hint={"en": "How many cases, where they lie, who may open them. Read only by who signed the confidentiality "
                    "agreement.",
              "fr": "Combien de cas, où ils se trouvent, qui peut les ouvrir. Lu seulement par qui a signé l’accord de "
                    "confidentialité."},
        private=True,
    ),
)  # fmt: skip

PROFILE: tuple[Field, ...] = (
    Field(
        "profile", "modalities", FieldForm.CHOICES, {"en": "Works with", "fr": "Travaille sur"},
        choices=(
            ("text", {"en": "Text", "fr": "Texte"}), ("image", {"en": "Images and video", "fr": "Images et vidéo"}),
            ("audio", {"en": "Sound", "fr": "Son"}), ("tables", {"en": "Records", "fr": "Tableaux"}),
        ), facet=True,
    ),
    Field(
        "profile", "compute_access", FieldForm.CHOICES, {"en": "Compute at hand", "fr": "Calcul à disposition"},
        choices=(
            ("own_gpu", {"en": "GPUs of their own", "fr": "GPU en propre"}),
            ("cloud", {"en": "A cloud account", "fr": "Un compte cloud"}),
            ("client", {"en": "Works on the client’s", "fr": "Travaille sur celui du client"}),
        ), facet=True,
    ),
    Field(
        "profile", "public_work", FieldForm.TEXT, {"en": "Repository or publication", "fr": "Dépôt ou publication"},
        hint={"en": "What a peer reviewer would run or read.", "fr": "Ce qu’un pair exécuterait ou lirait."},
    ),
    Field(
        "profile", "licence_statement", FieldForm.YES_NO,
        {"en": "States the licence of training data", "fr": "Indique la licence des données d’entraînement"},
        facet=True,
    ),
)  # fmt: skip


def label(choices: Choices, key: str, language: str) -> str:
    """The words of the choice ``key``; the key itself where it is not of the list."""
    return next((words[language] for name, words in choices if name == key), key)
