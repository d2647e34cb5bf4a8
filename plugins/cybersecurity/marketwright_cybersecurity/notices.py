"""What notices and mails say in security work, where core's words would leave somebody at a loss."""

from marketwright.plugin import N_, NoticeText, Role
from marketwright_cybersecurity.authorisation import AUTHORISATION
from marketwright_cybersecurity.authority import AUTHORITY
from marketwright_cybersecurity.background import ANSWER
from marketwright_cybersecurity.clearance import CLEARANCE

CLIENT, FREELANCER = Role.CLIENT, Role.FREELANCER

NOTICES = (
    NoticeText("contract.active", of="engagement", more=N_(
        "No system may be touched yet: the authorisation to test comes first, signed by whoever owns and whoever hosts "
        "the targets.")),
    NoticeText("paper.asked", of=AUTHORISATION,
        subject=N_("%(who)s asks you to authorise a security test"),
        text=N_("The paper names systems that you own or host, when they may be tested and what is excluded. It "
                "concerns work agreed on %(site)s. Nobody touches these systems before you have signed. You need no "
                "account: open the link, and a code is sent to this mailbox; then sign it, or refuse it with a "
                "reason.")),
    NoticeText("paper.asked", of=AUTHORITY,
        subject=N_("%(who)s asks you to authorise measures in an incident"),
        text=N_("The paper names systems that you own or host, what may be done to them once an incident is called, "
                "and who decides on the rest. It concerns work agreed on %(site)s. You need no account: open the link, "
                "and a code is sent to this mailbox; then sign it, or refuse it with a reason.")),
    NoticeText("paper.reminded", of=AUTHORISATION,
        subject=N_("Your authorisation of a security test is still missing"),
        text=N_("Without it nobody tests the systems that the paper names, and the window agreed may pass. It concerns "
                "work agreed on %(site)s. Open the link, and a code is sent to this mailbox.")),
    NoticeText("paper.refused", of=AUTHORISATION,
        subject=N_("%(who)s does not authorise the test of “%(title)s”"),
        more=N_("No system that this signatory answers for may be touched.")),
    NoticeText("paper.lapsed", of=AUTHORISATION,
        subject=N_("The authorisation for “%(title)s” was not signed before the window opened"),
        text=N_("A signature after the opening is worthless. Agree on other windows, then hand the authorisation in "
                "again.")),
    NoticeText("paper.answered", of=ANSWER,
        subject=N_("%(who)s answered about the background check for “%(title)s”")),
    NoticeText("paper.answered", of=CLEARANCE,
        subject=N_("%(who)s answered about the clearance for “%(title)s”")),
    NoticeText("milestone.moved", of="engagement.report_findings", to=CLIENT,
        subject=N_("“%(part)s”: the findings are in"),
        text=N_("They are sealed: open them on the page of the {contract}, where each reading is recorded and shown to "
                "both sides. Pass them on to nobody by mail; then open the retest window.")),
    NoticeText("milestone.moved", of="engagement.halt", to=FREELANCER,
        subject=N_("“%(part)s”: stop testing now"),
        text=N_("Close every session, leave nothing running, and keep the record of what was done. The tests go on "
                "when the {client} says so, and within a window alone.")),
    NoticeText("milestone.moved", of="incident_response.call_out", to=FREELANCER,
        subject=N_("You are called out: “%(part)s”"),
        text=N_("Read what is seen and how severe it is held to be, and answer within the time agreed. The call is "
                "sealed: open it on the page of the {contract}.")),
    NoticeText("milestone.moved", of="incident_response.answer_call", to=CLIENT,
        text=N_("Until you are called back: switch nothing off, reinstall nothing, and note who touches what.")),
    NoticeText("milestone.moved", of="detection.falls_short", to=FREELANCER,
        text=N_("Rules missed attacks that were replayed, or too few techniques are covered. Mend them and hand them "
                "over with a new replay.")),
    NoticeText("milestone.moved", of="governance.hand_statement", to=CLIENT,
        subject=N_("“%(part)s”: the management is to decide"),
        text=N_("The statement of applicability is in. For each open requirement the management treats it, accepts the "
                "risk, passes it on, or gives the activity up; hand its decisions over.")),
)  # fmt: skip
