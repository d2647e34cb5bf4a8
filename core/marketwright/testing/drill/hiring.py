"""The people of a drill: staff, freelancers with their legal identity, clients by number."""

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.passwords import hash_password
from marketwright.store.unit import UnitOfWork
from marketwright.testing.agreed import PASSWORD


def client_email(number: int) -> str:
    """By what the client ``number`` signs in."""
    return f"client{number}@example.org" if number else "helene@example.org"


def hire(uow: UnitOfWork, email: str) -> str:
    """Somebody of the staff; two of them decide about money that was released."""
    who = accounts.create_account(uow, email=email, name="Staff", locale="en", is_freelancer=False,
                                  password_hash=hash_password(PASSWORD))  # fmt: skip
    accounts.join_staff(uow, account=who, roles=["admin", "finance", "support"])
    return who


def meet_freelancer(uow: UnitOfWork, email: str) -> str:
    """One more freelancer."""
    who = accounts.create_account(uow, email=email, name="Mara Over", locale="en", is_freelancer=True,
                                  password_hash=hash_password(PASSWORD))  # fmt: skip
    identify(uow, "freelancer", who, "Mara Over")
    return who


def identify(uow: UnitOfWork, kind: str, who: str, name: str) -> None:
    """Write down the legal identity of an ``organisation`` or ``freelancer``."""
    accounts.record_identity(
        uow, owner_kind=kind, owner_id=who, name=name, form="SAS", registration_number="732829320",
        vat_regime="standard", vat_number="FR44732829320", street="2 rue du Port", postcode="59000", city="Lille",
        country="FR", signatory_title="Director", signatory_name=name,
    )  # fmt: skip
