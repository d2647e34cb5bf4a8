"""Deeds of the audit log in plain words, with what is told of them; what has none stands as it is."""

import re
from collections.abc import Mapping

from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.formats import show_money
from marketwright.web.i18n import _

ACTIONS: dict[str, str] = {
    "backup.rehearsed": N_("rehearsed the restore of a backup"),
    "backup.restored": N_("restored a backup"),
    "text.approved": N_("recorded that a text is approved"),
    "mail.tried": N_("sent a test mail"),
    "mail.arrived": N_("confirmed a test mail"),
    "account.signed_up": N_("signed up"),
    "account.sign_up_repeated": N_("tried to sign up with an address that has an account"),
    "account.created": N_("made an account"),
    "account.confirm_asked": N_("asked for the confirmation mail again"),
    "account.confirmed": N_("confirmed an address"),
    "account.move_asked": N_("asked to change their address"),
    "account.moved": N_("changed their address"),
    "account.reset_asked": N_("asked for a new password"),
    "account.password_changed": N_("changed a password"),
    "account.settings_changed": N_("changed name, language or time zone"),
    "account.became_freelancer": N_("began to offer their own work"),
    "account.suspended": N_("suspended an account"),
    "account.reinstated": N_("reinstated an account"),
    "session.started": N_("signed in"),
    "session.revoked": N_("signed a browser out"),
    "sessions.ended": N_("signed out everywhere"),
    "organisation.created": N_("made {organisation.a}"),
    "organisation.updated": N_("described {organisation.a} anew"),
    "member.joined": N_("joined {organisation.a}"),
    "member.changed": N_("changed the roles of a member"),
    "member.removed": N_("took a member out"),
    "identity.recorded": N_("recorded a legal identity"),
    "staff.joined": N_("joined the staff"),
    "staff.changed": N_("changed roles of the staff"),
    "profile.edited": N_("edited {profile.a}"),
    "profile.shown": N_("wished to be seen in the lists"),
    "profile.hidden": N_("left the lists"),
    "profile.listed": N_("was put into the lists"),
    "profile.unlisted": N_("was taken off the lists"),
    "mission.drafted": N_("drafted {mission.a}"),
    "mission.edited": N_("edited {mission.a}"),
    "mission.waiting": N_("asked to publish {mission.a}"),
    "mission.published": N_("published {mission.a}"),
    "mission.approved": N_("approved {mission.a}"),
    "mission.refused": N_("sent {mission.a} back"),
    "mission.taken_off": N_("took {mission.a} off"),
    "organisation.about_taken_off": N_("took away what {client.a} said of itself"),
    "mission.taken_back": N_("took {mission.a} back"),
    "mission.paused": N_("paused {mission.a}"),
    "mission.resumed": N_("resumed {mission.a}"),
    "mission.filled": N_("filled {mission.a}"),
    "mission.closed": N_("closed {mission.a}"),
    "check.begun": N_("began a check"), "check.handed_in": N_("handed in evidence"),
    "check.withdrawn": N_("took evidence back"),
    "evidence.read": N_("opened evidence"),
    "verdict.recorded": N_("decided on a check"),
    "verdict.revoked": N_("took a verdict back"),
    "verdict.expired": N_("let a verdict end"),
    "contract.drawn_up": N_("drew up {contract.a}"),
    "contract.sent": N_("sent {contract.a} for signature"),
    "contract.priced_again": N_("made the price of {contract.a} again for another VAT"),
    "document.signed": N_("signed a document"),
    "document.read_unnamed": N_("had read what they signed without the {client}'s name"),
    "milestone.taken": N_("moved {milestone.a}"),
    "approval.asked": N_("asked for an approval above their limit"),
    "payment.reserved": N_("asked the payment provider for something"),
    "payment.frozen": N_("froze held money"),
    "payment.thawed": N_("let held money move again"),
    "job.died": N_("gave a job up"),
    "job.retried": N_("ran a job again"),
    "clock.moved": N_("moved the clock of the demo"),
    "ledger.verified": N_("verified the ledger"),
    "ledger.exported": N_("took a journal of the ledger"),
    "mail.read": N_("read a mail"),
    "account.taken_over": N_("took up an account that nobody had confirmed"),
    "amendment.sent": N_("sent a change of {contract.a} for signature"),
    "amendment.withdrawn": N_("withdrew a change of {contract.a}"),
    "bill.issued": N_("issued a bill"),
    "bill.closed": N_("closed a bill"),
    "condition.met": N_("met a condition"),
    "contract.ended": N_("ended {contract.a}"),
    "invitation.accepted": N_("accepted an invitation"),
    "invitation.withdrawn": N_("withdrew an invitation"),
    "invitation.wrong_code": N_("typed a wrong code"),
    "match.placed_by_hand": N_("put somebody on a match list"),
    "match.taken_off": N_("took somebody off a match list"),
    "mission.file_added": N_("added a file to {mission.a}"),
    "mission.file_removed": N_("removed a file of {mission.a}"),
    "payment.funded": N_("held the {client}'s money"),
    "payment.released": N_("released held money"),
    "payment.refunded": N_("gave held money back"),
    "payment.split": N_("shared held money"),
    "payment.payout_waits": N_("kept a payout until the {freelancer} has what is asked for"),
    "payment.paid_out": N_("sent money to {freelancer.a}'s bank"),
    "payment.failed": N_("was refused by the payment provider"),
    "payment.abandoned": N_("gave up a payment page that nobody used"),
    "payment.returned": N_("gave back money that came too late"),
    "payment.looked_up": N_("asked the payment provider how it stands"),
    "invoice.paid": N_("noted that an invoice was paid"),
    "invoice.tax_decided": N_("decided how a document goes out whose tax no rule explains"),
    "correction.asked": N_("asked for a correction of money"),
    "correction.done": N_("carried out a correction of money"),
    "correction.withdrawn": N_("withdrew a correction of money"),
    "correction.refused": N_("refused a correction of money"),
    "payment.paid_out_again": N_("asked for a transfer once more"),
    "proposal.made": N_("made {proposal.a}"),
    "proposal.countered": N_("made a counter-offer"),
    "proposal.accepted": N_("accepted {proposal.a}"),
    "proposal.declined": N_("declined {proposal.a}"),
    "proposal.withdrawn": N_("withdrew {proposal.a}"),
    "proposal.expired": N_("let {proposal.a} expire"),
    "proposal.approval_asked": N_("asked a colleague to accept {proposal.a}"),
    "relation.linked": N_("noted that two parties are linked"),
    "relation.own_network": N_("noted that two parties met elsewhere"),
    "review.written": N_("wrote a review"),
    "review.hidden": N_("hid a review"),
    "message.hidden": N_("hid a message from the other side"),
    "notice.filed": N_("reported something"),
    "notice.read": N_("read a message that was reported"),
    "notice.decided": N_("decided on a report"),
    "second_factor.begun": N_("began to set up a second factor"),
    "second_factor.on": N_("switched a second factor on"),
    "second_factor.off": N_("switched a second factor off"),
    "second_factor.lifted": N_("lifted somebody's second factor"),
    "second_factor.refused": N_("typed a wrong second factor"),
    "second_factor.codes_made": N_("made recovery codes"),
    "second_factor.recovery_code_used": N_("used a recovery code"),
    "field.reshaped": N_("changed a field and its answers"),
    "settings.changed": N_("changed the settings"),
    "settings.undone": N_("undid a change of the settings"),
    "skill.merged": N_("merged a skill into another"),
    "taxonomy.imported": N_("imported a taxonomy"),
    "thread.declined": N_("ended a conversation"),
    "alert.saved": N_("saved a search"),
    "alert.deleted": N_("deleted a saved search"),
    "alert.stopped_by_link": N_("ended the mails of a saved search"),
    "assessor.asked": N_("asked somebody to assess"),
    "assessor.declined": N_("declined to assess"),
    "assessor.marked": N_("gave marks"),
    "assessor.stated": N_("said how they stand to a candidate"),
    "assessors.apart": N_("noted that two assessors disagree"),
    "bill.payment_recorded": N_("recorded a payment of a bill"),
    "bill.payment_undone": N_("took back a recorded payment of a bill"),
    "case.opened": N_("opened a case"),
    "case.named": N_("named who may read in a case"),
    "case.closed": N_("closed a case"),
    "check.asked": N_("asked for a check"),
    "condition.added": N_("added a condition"),
    "contract.declared": N_("declared something on {contract.a}"),
    "contract.ended_early": N_("ended {contract.a} early"),
    "contract.extras": N_("ordered additional services"),
    "delivery.handed_over": N_("handed work over"),
    "entitlement.granted": N_("granted an entitlement"),
    "entitlement.ended": N_("ended an entitlement"),
    "invoice.issued": N_("issued an invoice"),
    "invoice.handed_in": N_("handed in an invoice of their own"),
    "ledger.rollup_mended": N_("mended a sum that the ledger keeps ready"),
    "mandate.accepted": N_("accepted the mandate to invoice"),
    "mandate.withdrawn": N_("withdrew the mandate to invoice"),
    "mission.field_set": N_("answered a field of {mission.a}"),
    "missions.imported": N_("imported {mission.other}"),
    "page.drafted": N_("drafted a page"),
    "page.draft_discarded": N_("threw the draft of a page away"),
    "page.published": N_("published a page"),
    "paper.asked": N_("asked for a signature on a paper"),
    "paper.handed_in": N_("handed a paper in"),
    "paper.met": N_("met a condition with a paper"),
    "paper.opened": N_("opened a paper"),
    "paper.signed": N_("signed a paper"),
    "paper.wrong_code": N_("typed a wrong code for a paper"),
    "paper.refused": N_("refused a paper"),
    "paper.withdrawn": N_("took a paper back"),
    "paper.expired": N_("let a paper expire"),
    "payee.asked": N_("asked for the details of a payee"),
    "payee.stands": N_("learnt how a payee stands"),
    "payment.adjusted": N_("adjusted held money"),
    "payment.arrival_left": N_("left money that arrived as it is"),
    "payment.arrival_used": N_("used money that had arrived for its payment"),
    "payment.giving_back": N_("began to give money back"),
    "payout.destination_changed": N_("changed where payouts go"),
    "person.read": N_("read what is known of a person"),
    "person.told": N_("told a person something"),
    "person.forgotten_by_plugins": N_("let plugins forget a person"),
    "plugin.uninstalled": N_("uninstalled a plugin"),
    "profiles.imported": N_("imported {profile.other}"),
    "proposal.agreed": N_("agreed on {proposal.a}"),
    "questionnaire.answered": N_("answered a questionnaire"),
    "seal.made": N_("sealed something"),
    "seal.deleted": N_("deleted something sealed"),
    "service.ordered": N_("ordered a service"),
    "service.published": N_("published a service"),
    "service.written": N_("wrote a service"),
    "service.withdrawn": N_("took a service off"),
    "service.taken_off": N_("took a service of somebody else off"),
    "subscription.started": N_("started a plan"),
    "subscription.changed": N_("changed a plan"),
    "subscription.bill_paid": N_("paid the bill of a plan"),
    "subscription.bill_given_up": N_("gave up the bill of a plan"),
    "task.handed_in": N_("handed a task in"),
    "task.missed": N_("let the time of a task pass"),
    "defence.missed": N_("ended a task whose defence was never confirmed"),
    "terms.accepted": N_("accepted the terms"),
    "thread.noted": N_("noted something in a conversation"),
    "timesheet.noted": N_("noted days of work"),
    "voucher.made": N_("made a code"),
    "voucher.ended": N_("ended a code"),
    "voucher.entered": N_("entered a code"),
    "voucher.given_back": N_("gave a code back"),
    "voucher.left_out": N_("left a code out that no longer holds"),
    "account.data_handed_out": N_("handed out what is kept of a person"),
    "account.erased": N_("erased a person"),
    "account.periods_over": N_("let go of what a law had kept of a person"),
    "paper.answered": N_("answered a paper"),
}

# What is told of a deed. Ids, keys and fingerprints are left out: the exported file has them.
DETAILS: dict[str, str] = {
    "amount": N_("amount"), "check": N_("check"), "code": N_("code"), "condition": N_("condition"),
    "confirmed": N_("confirmed"), "created": N_("added"), "email": N_("address"), "ends": N_("ends in"),
    "findings": N_("findings"), "freelancer": N_("{freelancer}"), "half_days": N_("half days"),
    "is_freelancer": N_("{freelancer}"), "kind": N_("kind"),
    "limit": N_("limit"), "method": N_("by"), "name": N_("name"), "note": N_("note"), "number": N_("number"),
    "paid": N_("settled in full"), "process": N_("course"), "rating": N_("rating"), "reason": N_("reason"),
    "roles": N_("roles"),
    "round": N_("round"), "sealed": N_("sealed up to"), "second_factor": N_("second factor"), "seconds": N_("seconds"),
    "side": N_("side"), "skipped": N_("left out"), "state": N_("state"), "transition": N_("step"),
    "updated": N_("renewed"), "vat": N_("VAT"), "version": N_("version"), "why": N_("reason"), "work": N_("work"),
}  # fmt: skip
_WORDS = {"client": N_("{client}"), "freelancer": N_("{freelancer}"), "password": N_("password")}
_AMOUNTS = frozenset({"amount", "limit", "work"})  # in minor units
_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{16}|[0-9a-f]{40,}")


def action_words(action: str) -> str:
    """What was done, in the reader's language."""
    return _(ACTIONS[action]) if action in ACTIONS else action


def who_words(label: str, name: str) -> str:
    """Who did something, from an actor's label and name: a person, a visitor, a plugin or the marketplace itself."""
    kind = label.partition(":")[0]
    if kind == "anonymous":
        return _("a visitor")
    return _("the marketplace itself") if kind == "system" else name or label


def detail_words(name: str, value: object, *, names: Mapping[str, str], currency: str) -> tuple[str, str] | None:
    """One detail of a deed as (name, value) in the reader's language; ``None`` where it says nothing to a reader.

    ``names`` are the words for what the marketplace calls by a name of its own (checks, conditions, states).
    """
    if value is False or value in (None, "", [], {}) or name not in DETAILS:
        return None
    if name in _AMOUNTS and isinstance(value, int):
        return _(DETAILS[name]), show_money(Money(value, currency))
    said = names.get(value, "") if isinstance(value, str) else ""
    said = said or _value_words(value)
    return None if _ID.fullmatch(said) else (_(DETAILS[name]), said)


def _value_words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes")
    if isinstance(value, list):
        return ", ".join(_value_words(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_value_words(v)}" for k, v in value.items())
    return _(_WORDS[value]) if isinstance(value, str) and value in _WORDS else str(value)
