"""Which endpoint answers which call, and the SDK's type that its parameters are checked against."""

import re
from dataclasses import dataclass

from marketwright_stripe.double import accounts, cash, charging, checkout, events, money, moving
from marketwright_stripe.double.call import Endpoint


@dataclass(frozen=True, slots=True)
class Route:
    """``call`` is the name used for faults and in the log, such as ``POST /v1/transfers``."""

    method: str
    path: str
    endpoint: Endpoint
    params: str
    module: str = ""

    @property
    def call(self) -> str:
        """Method and path, ids as ``:id``."""
        return f"{self.method} {self.path}"

    def match(self, method: str, path: str) -> tuple[str, ...] | None:
        """The ids in ``path``, or ``None``."""
        pattern = "^" + self.path.replace(":id", r"([A-Za-z0-9_]+)") + "$"
        found = re.match(pattern, path) if method == self.method else None
        return found.groups() if found else None


ROUTES = (
    Route("POST", "/v1/accounts", accounts.create_account, "AccountCreateParams"),
    Route("GET", "/v1/accounts", accounts.list_accounts, "AccountListParams"),
    Route("GET", "/v1/account", accounts.current_account, "AccountRetrieveCurrentParams"),
    Route("GET", "/v1/accounts/:id", accounts.retrieve_account, "AccountRetrieveParams"),
    Route("POST", "/v1/accounts/:id", accounts.update_account, "AccountUpdateParams"),
    Route("POST", "/v1/account_links", accounts.create_link, "AccountLinkCreateParams"),
    Route("POST", "/v1/customers", accounts.create_customer, "CustomerCreateParams"),
    Route("GET", "/v1/customers", accounts.list_customers, "CustomerListParams"),
    Route("GET", "/v1/customers/:id", accounts.retrieve_customer, "CustomerRetrieveParams"),
    Route("GET", "/v1/customers/:id/cash_balance", cash.retrieve_balance, "CustomerCashBalanceRetrieveParams"),
    Route("GET", "/v1/customers/:id/cash_balance_transactions", cash.list_entries,
          "CustomerCashBalanceTransactionListParams"),
    Route("POST", "/v1/test_helpers/customers/:id/fund_cash_balance", cash.fund, "CustomerFundCashBalanceParams",
          "test_helpers"),
    Route("POST", "/v1/customers/:id/funding_instructions", cash.funding_instructions,
          "CustomerCreateFundingInstructionsParams"),
    Route("POST", "/v1/checkout/sessions", checkout.create_session, "SessionCreateParams", "checkout"),
    Route("GET", "/v1/checkout/sessions", checkout.list_sessions, "SessionListParams", "checkout"),
    Route("GET", "/v1/checkout/sessions/:id", checkout.retrieve_session, "SessionRetrieveParams", "checkout"),
    Route("POST", "/v1/checkout/sessions/:id/expire", checkout.expire_session, "SessionExpireParams", "checkout"),
    Route("POST", "/v1/payment_intents", charging.create_intent, "PaymentIntentCreateParams"),
    Route("GET", "/v1/payment_intents", charging.list_intents, "PaymentIntentListParams"),
    Route("GET", "/v1/payment_intents/:id", charging.retrieve_intent, "PaymentIntentRetrieveParams"),
    Route("POST", "/v1/payment_intents/:id", charging.update_intent, "PaymentIntentUpdateParams"),
    Route("POST", "/v1/payment_intents/:id/confirm", charging.confirm_intent, "PaymentIntentConfirmParams"),
    Route("POST", "/v1/payment_intents/:id/capture", charging.capture_intent, "PaymentIntentCaptureParams"),
    Route("POST", "/v1/payment_intents/:id/cancel", cash.cancel_intent, "PaymentIntentCancelParams"),
    Route("GET", "/v1/charges", charging.list_charges, "ChargeListParams"),
    Route("GET", "/v1/charges/:id", charging.retrieve_charge, "ChargeRetrieveParams"),
    Route("POST", "/v1/transfers", moving.create_transfer, "TransferCreateParams"),
    Route("GET", "/v1/transfers", moving.list_transfers, "TransferListParams"),
    Route("GET", "/v1/transfers/:id", moving.retrieve_transfer, "TransferRetrieveParams"),
    Route("POST", "/v1/transfers/:id/reversals", moving.reverse_transfer, "TransferCreateReversalParams"),
    Route("GET", "/v1/transfers/:id/reversals", moving.list_reversals, "TransferListReversalsParams"),
    Route("POST", "/v1/refunds", moving.create_refund, "RefundCreateParams"),
    Route("GET", "/v1/refunds", moving.list_refunds, "RefundListParams"),
    Route("GET", "/v1/refunds/:id", moving.retrieve_refund, "RefundRetrieveParams"),
    Route("POST", "/v1/payouts", moving.create_payout, "PayoutCreateParams"),
    Route("GET", "/v1/payouts", moving.list_payouts, "PayoutListParams"),
    Route("GET", "/v1/payouts/:id", moving.retrieve_payout, "PayoutRetrieveParams"),
    Route("GET", "/v1/balance", money.retrieve_balance, "BalanceRetrieveParams"),
    Route("GET", "/v1/balance_transactions", moving.list_transactions, "BalanceTransactionListParams"),
    Route("GET", "/v1/balance_transactions/:id", money.retrieve_transaction, "BalanceTransactionRetrieveParams"),
    Route("GET", "/v1/disputes", moving.list_disputes, "DisputeListParams"),
    Route("GET", "/v1/disputes/:id", moving.retrieve_dispute, "DisputeRetrieveParams"),
    Route("GET", "/v1/events", events.list_events, "EventListParams"),
    Route("GET", "/v1/webhook_endpoints", events.list_endpoints, "WebhookEndpointListParams"),
    Route("POST", "/v1/webhook_endpoints", events.create_endpoint, "WebhookEndpointCreateParams"),
)  # fmt: skip


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a call and the ids in its path."""
    for route in ROUTES:
        ids = route.match(method, path)
        if ids is not None:
            return route, ids
    return None
