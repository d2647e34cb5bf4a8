"""What an error of Stripe's means: only a definitive refusal is FAILED, and said in words for people.

Everything else (no answer, 5xx, 429, a key in use, a wrong API key, nonsense) is raised, and core takes it for UNKNOWN.
"""

from collections.abc import Callable
from typing import Any

import stripe

from marketwright.plugin import N_, Answer, Outcome
from marketwright_stripe.sdk import Thing, plain

SENTENCES = {
    "amount_too_small": N_("Stripe takes no payment as small as this one."),
    "amount_too_large": N_("Stripe takes no payment as large as this one."),
    "card_declined": N_("The card was declined."),
    "charge_already_refunded": N_("This payment has been given back already."),
    "charge_disputed": N_("The payer’s bank has taken this payment back."),
    "insufficient_capabilities_for_transfer": N_("The account at Stripe cannot take money yet."),
    "account_invalid": N_("The account at Stripe is closed, or does not belong to this marketplace."),
    "payouts_not_allowed": N_("Stripe has stopped transfers to the bank until the account is completed."),
    "resource_missing": N_("Stripe does not know the payment or the account that this is about."),
}
REFUSED = N_("Stripe refused it.")
NO_ACCOUNT = N_("There is no account at Stripe yet to pay into.")
NOT_ENOUGH = N_("There is not that much left of this payment.")
NOT_PAID = N_("There is no such payment at Stripe.")
EXPIRED = N_("The payment page has expired.")
RETURNED = N_("The bank did not pay the direct debit.")
UNCONFIRMED = N_("The bank did not confirm the payment.")
CANCELED = N_("The payment was cancelled.")
REFUND_FAILED = N_("The money could not be given back: the bank or the card no longer takes it.")
PAYOUT_FAILED = N_("The bank did not take the transfer.")
REJECTED = N_("Stripe has closed this account, and says why in a mail to its owner.")
OTHER_CURRENCY = N_("The account at Stripe takes no payments in this currency.")
NO_KEY = N_("Payments are not set up yet: the key of Stripe is missing.")
SHORT, DISPUTED, BROKEN = "balance_insufficient", "charge_disputed", 500
MOST_KEYS = 20


class Short(Exception):
    """There is not enough in the balance now; what was asked may be asked again later."""


def refused(reason: str, reference: str = "") -> Answer:
    """A definitive no."""
    return Answer(Outcome.FAILED, reference, reason=reason)


def absent() -> Answer:
    """Stripe surely never did it."""
    return Answer(Outcome.FAILED, reason=NOT_PAID, absent=True)


def short(*, absent: bool = False) -> Answer:
    """The balance is too small for now; ``absent``: and nothing was done yet."""
    return Answer(Outcome.WAITING, reason="the balance at Stripe is too small for now", absent=absent)


def answered(call: Callable[[], Answer]) -> Answer:
    """What ``call`` says, or the definitive refusal that it ran into; raises where nothing is known."""
    try:
        return call()
    except Short:
        return short()
    except stripe.IdempotencyError as error:
        msg = "Stripe has this command under its key with other contents; look at both before anything is sent"
        raise RuntimeError(msg) from error
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        return refused(sentence(error))
    except stripe.PermissionError as error:
        if error.code != "account_invalid":
            raise
        return refused(SENTENCES["account_invalid"])


def sentence(error: stripe.StripeError) -> str:
    """A refusal in words for people."""
    known = SENTENCES.get(error.code or "")
    return known or (f"{REFUSED} {error.user_message}" if error.user_message else REFUSED)


def persistently(send: Callable[[str], Any], key: str, enough: Callable[[], bool] = lambda: False) -> Thing:
    """Send under ``key``; where that key only ever gets an old answer back, under the next of its own.

    Stripe keeps what it answered under a key for a day: a balance that has grown would be refused by memory, and a 500
    repeated, a refund for a dispute that is over by now. Called once a look-up has shown that nothing was done. A key
    is left only when Stripe repeats an answer (what was asked is not under way any more), or has said under it that it
    did nothing and there is ``enough`` now.
    """
    for number in range(MOST_KEYS):
        try:
            return plain(send(key if not number else f"{key}.{number}"))
        except stripe.InvalidRequestError as error:
            if error.code == DISPUTED and _repeated(error):
                continue
            if error.code != SHORT:
                raise
            if not enough():
                raise Short from error
        except stripe.APIError as error:
            if error.http_status != BROKEN or not _repeated(error):
                raise
    raise Short


def _repeated(error: stripe.StripeError) -> bool:
    return str((error.headers or {}).get("idempotent-replayed", "")).lower() == "true"
