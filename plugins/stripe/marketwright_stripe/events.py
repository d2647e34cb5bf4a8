"""The events of Stripe's that are heard: what its endpoints must be told of."""

PAGES = (
    "checkout.session.completed", "checkout.session.expired", "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
)  # fmt: skip
LEFT = ("transfer.created", "refund.created", "refund.updated")
FAILED_REFUND = "refund.failed"
LATE = "charge.failed"
DISPUTES = (
    "charge.dispute.created", "charge.dispute.updated", "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated", "charge.dispute.closed",
)  # fmt: skip
ARRIVED = "customer_cash_balance_transaction.created"
ACCOUNT = "account.updated"
PAID_OUT, CAME_BACK = "payout.paid", ("payout.failed", "payout.canceled")
EVENTS = (*PAGES, *LEFT, FAILED_REFUND, LATE, ARRIVED, *DISPUTES)
CONNECTED = (ACCOUNT, PAID_OUT, *CAME_BACK)
