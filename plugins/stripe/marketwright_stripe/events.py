"""The events of Stripe's that are heard: what its endpoints must be told of."""

PAGES = (
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
)  # fmt: skip
LEFT = ("transfer.created", "refund.created", "refund.updated", "refund.failed")
PAYOUTS = ("payout.paid", "payout.failed", "payout.canceled")
EVENTS = (*PAGES, *LEFT)
CONNECTED = PAYOUTS
