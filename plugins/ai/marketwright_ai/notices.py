"""What notices and mails say in AI work, where core's words would leave somebody at a loss."""

from marketwright.plugin import N_, NoticeText, Role

NOTICES = (
    NoticeText("contract.active", of="ai_evaluation", more=N_(
        "Whoever holds the test set seals it first: no money moves and nobody trains before.")),
    NoticeText("milestone.moved", of="ai_evaluation.hand_candidate", to=Role.CLIENT,
        subject=N_("“%(part)s”: the candidate is to be measured"),
        text=N_("Run the evaluation as it was agreed, on the sealed test set, and hand its report over. The threshold "
                "decides, nobody's impression.")),
    NoticeText("milestone.moved", of="ai_evaluation.is_met",
        subject=N_("“%(part)s”: threshold met")),
    NoticeText("milestone.moved", of="ai_evaluation.is_missed", to=Role.FREELANCER,
        subject=N_("“%(part)s”: threshold missed"),
        text=N_("Hand another candidate over, or contest the measure and have it run a second time.")),
    NoticeText("condition.added", of="ai.risk_file",
        subject=N_("“%(title)s” now needs a risk file"),
        text=N_("The answers about the EU AI Act come to a class with duties of its own. The page of the {contract} "
                "says what is asked; this is help, and no legal advice.")),
)  # fmt: skip
