"""The payer's way: from a committed reservation to the provider's page and back."""

from marketwright.features.payments.running import HouseLike, run_waited_for
from marketwright.strategies.payments import Outcome


def next_address(house: HouseLike, command: str) -> str:
    """Where to send the person who has just asked to pay: the provider's page, or the page that follows the payment.

    Runs the command for at most five seconds; called after the unit that reserved it was committed.
    """
    answer = run_waited_for(house, command)
    return answer.page if answer.outcome is Outcome.PAGE else f"/payments/{command}"
