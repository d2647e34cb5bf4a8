"""What notices and mails say in data work, where core's words would leave somebody at a loss."""

from marketwright.plugin import N_, NoticeText, Role
from marketwright_data.papers import ACCESS, PROCESSING

NOTICES = (
    NoticeText("contract.active", of="measured_delivery", more=N_(
        "No source is opened yet: the papers of the data come first, then the access list.")),
    NoticeText("condition.added", of=PROCESSING,
        subject=N_("Personal data in “%(title)s”: a processing agreement is needed"),
        text=N_("It was declared that personal data is processed. Article 28 of the GDPR asks for an agreement in "
                "writing before anybody goes on: both sides sign it on the page of the {contract}.")),
    NoticeText("condition.added", of=ACCESS,
        subject=N_("“%(title)s” needs an access list"),
        text=N_("Who reaches which source, and until when, is written down before a source is opened.")),
    NoticeText("milestone.moved", of="measured_delivery.figure_met", to=Role.FREELANCER, more=N_(
        "Before the release: give every access back, delete copies, and say so on the page of the {contract}.")),
    NoticeText("milestone.moved", of="measured_delivery.figure_missed", to=Role.FREELANCER,
        text=N_("The counts lie below the figure agreed. The causes of the rest stand beside each check: mend them and "
                "hand over again.")),
    NoticeText("milestone.moved", of="measured_delivery.open_sources", to=Role.FREELANCER, more=N_(
        "Work on the sources of the access list alone, and keep no copy outside them.")),
)  # fmt: skip
