"""Bank transfers between client and freelancer: how to pay, statements that are read, payments that find invoices."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint

from marketwright.plugin import Desk, Job, Manifest, PaymentProvider, SlotFill, hookimpl
from marketwright_bank_transfer import tables
from marketwright_bank_transfer.keeping import tidy_up
from marketwright_bank_transfer.pages import make_blueprint
from marketwright_bank_transfer.paying import HowToPay, ReadAStatement
from marketwright_bank_transfer.provider import BankTransfer
from marketwright_bank_transfer.settings import BankTransferSettings

manifest = Manifest(
    name="bank_transfer",
    summary="Invoices paid by bank transfer: nobody holds money; statements are read and payments find their invoices.",
    settings=BankTransferSettings, core=">=0.1,<0.2", reads=("bills",), acts=("receive_payment",),
    personal_data=("bank_account",), tables=tables.Base, export=tables.export, erase=tables.erase,
)


@hookimpl
def register_payment_providers(settings: Mapping[str, Any]) -> list[type[PaymentProvider]]:
    """The provider ``bank_transfer``, which holds nothing."""
    return [BankTransfer]


@hookimpl
def register_blueprints(settings: Mapping[str, Any], desk: Desk) -> list[Blueprint]:
    """The freelancer's pages under ``/x/bank_transfer``."""
    return [make_blueprint(settings, desk)]


@hookimpl
def register_slots(settings: Mapping[str, Any]) -> list[type[SlotFill]]:
    """How to pay, beside an open invoice; the way to the statement, beside what is owed."""
    return [HowToPay, ReadAStatement]


@hookimpl
def register_jobs(settings: Mapping[str, Any]) -> list[Job]:
    """Finish what was left half done."""
    says = "Records payments that a killed process left behind; forgets statements that were never taken."
    return [Job("tidy", lambda _payload, desk: tidy_up(desk), timedelta(minutes=5), says)]
