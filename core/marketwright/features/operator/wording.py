"""Jobs, accounts and entries of the ledger in plain words; what has none stands as it is."""

from marketwright.features.corrections.words import memo_parts
from marketwright.features.ledger.queries import StatementRow
from marketwright.features.payments.words import EFFECT_WORDS
from marketwright.kernel.text import N_
from marketwright.web.i18n import _

ACCOUNT_WORDS: dict[str, str] = {
    "psp_clearing": N_("At the payment provider"), "hold": N_("Held for {client.other}"),
    "payable": N_("Owed to {freelancer.other}"), "refundable": N_("Owed back to {client.other}"),
    "revenue": N_("Our fees"),
    "vat_collected": N_("Tax on our fees"), "psp_fee": N_("Fees of the payment provider"),
    "dispute_reserve": N_("Kept for disputes"), "receivable": N_("Owed to us"), "suspense": N_("Not yet explained"),
    "fx": N_("Exchange differences"), "bank": N_("At our own bank"), "loss": N_("Debts given up"),
}  # fmt: skip

JOB_WORDS: dict[str, str] = {
    "alerts.due": N_("Saved searches: see what is due"), "alerts.look": N_("Saved searches: look for what is new"),
    "alerts.lot": N_("New matches: look for what is new for several {freelancer.other}"),
    "contracts.clock": N_("{Contract.other}: deadlines and reminders"),
    "corrections.due": N_("Corrections of money: deadlines"),
    "files.sweep": N_("Clear away files that nobody uses"), "files.relay": N_("Files: hand on what was uploaded"),
    "inbox.handle": N_("Take up a message from outside"),
    "inbox.sweep": N_("Look for messages from outside"),
    "index.forget": N_("Search: forget what is no longer there"), "index.keep": N_("Search: write the index"),
    "invoicing.issue": N_("Issue an invoice"), "jobs.sweep": N_("Clear away old jobs"),
    "ledger.seal": N_("Seal the ledger"), "mail.send": N_("Send a mail"),
    "matching.embed": N_("Matching: read texts"), "matching.prune_rankings": N_("Matching: throw old lists away"),
    "messaging.count_answers": N_("Count how fast people answer"), "missions.seal": N_("{Mission.other}: seal answers"),
    "missions.sweep_briefs": N_("Clear away briefs that nobody finished"),
    "papers.clock": N_("Papers: deadlines"), "payments.command": N_("Ask the payment provider"),
    "payments.payees": N_("Ask the payment provider how those stand whom it pays"),
    "payments.reconcile": N_("Compare with the payment provider's records"),
    "payments.sweep": N_("Payments: look for what was left lying"),
    "proposals.expire": N_("Let {proposal.other} expire"),
    "rates.draw_up": N_("Draw up the market rates"), "reviews.show": N_("Show reviews whose time has come"),
    "seals.delete": N_("Delete what is sealed when its time is up"),
    "subscriptions.look_after": N_("Plans: renew and bill"), "tell": N_("Tell plugins what happened"),
    "privacy.erase": N_("Accounts: erase who asked for it"),
    "terms.keep_files": N_("Terms: note what the files say"), "vetting.advance": N_("Checks: ask outside again"),
    "vetting.expire": N_("Checks: let verdicts end"), "vetting.tasks": N_("Checks: deadlines of tasks"),
}  # fmt: skip


def job_words(kind: str) -> str:
    """What a job does, in the reader's language; a plugin's own stand by their name."""
    return _(JOB_WORDS[kind]) if kind in JOB_WORDS else kind


def effect_words(row: StatementRow) -> str:
    """What an entry of the ledger is, in the reader's language."""
    if row.cause_type == "correction":  # its reason, as a person wrote it
        sentence, reason = memo_parts(row.memo)
        return _(sentence, reason=reason) if sentence else reason
    return _(EFFECT_WORDS[row.effect]) if row.effect in EFFECT_WORDS else _(row.memo or row.effect)
