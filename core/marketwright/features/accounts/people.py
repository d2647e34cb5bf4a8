"""Signing up, confirming, passwords, settings, suspension: the writers of accounts."""

from zoneinfo import available_timezones

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from marketwright.features.accounts import events, queries, tokens
from marketwright.features.accounts.credentials import mark_hash
from marketwright.features.accounts.forgetting import is_erased
from marketwright.features.accounts.mailboxes import canonical_email, checked_email
from marketwright.features.accounts.organisations import create_organisation
from marketwright.features.accounts.passwords import check_password, hash_password, matches
from marketwright.features.accounts.ports import TermsOfUse
from marketwright.features.accounts.rights import need
from marketwright.features.accounts.sessions import end_sessions, start_session
from marketwright.features.accounts.tables import Account, Invitation, Staff
from marketwright.features.accounts.withdrawing import withdraw_open
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork


def sign_up(
    uow: UnitOfWork,
    *,
    email: str,
    name: str,
    password: str,
    locale: str,
    as_freelancer: bool,
    organisation_name: str = "",
    time_zone: str = "Europe/Paris",
    mark: str = "",
) -> str:
    """Make an unconfirmed account, and its organisation when it is named; returns the account's id.

    For an address that has an account already nothing changes, its owner is told by mail, and the caller sees no
    difference (S15). ``mark`` is a secret that the browser keeps to show that it is the one that signed up.
    """
    errors = sign_up_errors(email=email, name=name, password=password)
    if not as_freelancer and not organisation_name.strip():
        errors["side"] = [say("Choose at least one: find work, or hire.")]
    if errors:
        raise InvalidInput(errors)
    email, name, hashed = canonical_email(email), name.strip(), hash_password(password)
    known = queries.account_by_email(uow.session, email)
    if known is None:
        made = _insert(
            uow, email=email, name=name, locale=locale, is_freelancer=as_freelancer, time_zone=time_zone,
            password_hash=hashed, sign_up_mark=mark_hash(mark),
        )  # fmt: skip
        if made:
            if organisation_name.strip():
                create_organisation(uow, owner=made, name=organisation_name)
            uow.ports.get(TermsOfUse).accepted(uow, made, locale)
            uow.emit(events.SIGNED_UP, made)
            uow.audit("account.signed_up", made, as_freelancer=as_freelancer, hiring=bool(organisation_name))
            return made
        known = queries.account_by_email(uow.session, email)
    return _repeat(uow, known)


def sign_up_errors(*, email: str, name: str, password: str) -> dict[str, list[str]]:
    """Everything that is wrong with who wants to sign up, at once, by field."""
    errors: dict[str, list[str]] = {} if name.strip() else {"name": [say("Please fill this in.")]}
    for check in (lambda: checked_email(email), lambda: check_password(password, canonical_email(email), name)):
        try:
            check()
        except InvalidInput as error:
            errors.update(error.errors)
    return errors


def _repeat(uow: UnitOfWork, known: queries.AccountRow | None) -> str:
    """Somebody signs up with a known address: its owner is told, unless suspended.

    Whoever never chose a password, as one who was imported, chooses it by the mail: the one just typed is not kept.
    """
    if known is None:
        raise NotFound("There is no such account.")
    if known.suspended_at is None:
        waits = events.CONFIRM_ASKED if known.has_password else events.RESET_ASKED
        uow.emit(events.SIGN_UP_REPEATED if known.confirmed_at else waits, known.id)
    uow.audit("account.sign_up_repeated", known.id)
    return known.id


def _insert(uow: UnitOfWork, **values: object) -> str:
    """A new account's id, or '' when the address was taken meanwhile."""
    id_ = new_id()
    try:
        with uow.session.begin_nested():
            uow.session.add(Account(id=id_, created_at=uow.now, **values))
    except IntegrityError:
        return ""
    return id_


def create_account(
    uow: UnitOfWork,
    *,
    email: str,
    name: str,
    locale: str,
    is_freelancer: bool,
    persona: str = "",
    password_hash: str = "",
    confirmed: bool = True,
    time_zone: str = "Europe/Paris",
) -> str:
    """Make an account without a sign-up: by invitation, by import, by seeding. Returns its id, tells nobody."""
    made = _insert(
        uow, email=checked_email(email), name=name.strip(), locale=locale, is_freelancer=is_freelancer,
        persona=persona, password_hash=password_hash, confirmed_at=uow.now if confirmed else None,
        time_zone=time_zone,
    )  # fmt: skip
    if not made:
        raise InvalidInput({"email": [say("There is an account with this address already.")]})
    uow.audit("account.created", made, is_freelancer=is_freelancer, confirmed=confirmed)
    return made


def make_persona(uow: UnitOfWork, *, account: str, persona: str, password_hash: str = "") -> None:
    """Let demo visitors act as ``account``; ``persona`` is its place in the list and a few words: ``1:client, …``."""
    if uow.actor.kind != "system":
        raise NotAllowed("Only the demo chooses its personas.")
    row = _account(uow, account)
    row.persona, row.password_hash = persona[:40], password_hash or row.password_hash


def ask_confirmation(uow: UnitOfWork, *, email: str) -> None:
    """Send the confirmation mail again, if there is anything to confirm; the caller sees no difference."""
    known = queries.account_by_email(uow.session, email)
    waits = known is not None and known.confirmed_at is None and known.suspended_at is None
    uow.audit("account.confirm_asked", known.id if known else "")
    if known and waits:
        uow.emit(events.CONFIRM_ASKED, known.id)


def confirm(uow: UnitOfWork, *, account: str) -> None:
    """The address of ``account`` is theirs."""
    done = uow.session.execute(
        update(Account)
        .where(Account.id == account, Account.confirmed_at.is_(None))
        .values(confirmed_at=uow.now, sign_up_mark="")
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This address is confirmed already.", state="confirmed")
    uow.emit(events.CONFIRMED, account)
    uow.audit("account.confirmed", account)


def ask_reset(uow: UnitOfWork, *, email: str) -> None:
    """Send a mail to choose a new password, if there is such an account; the caller sees no difference (S15)."""
    known = queries.account_by_email(uow.session, email)
    uow.audit("account.reset_asked", known.id if known else "")
    if known and known.suspended_at is None:
        uow.emit(events.RESET_ASKED, known.id)


def reset_password(uow: UnitOfWork, *, token: str, secret_key: str, password: str) -> str:
    """Set a new password with the ``token`` of a mail, once; ends all sessions; returns the account's id.

    Whoever reads the mail owns the address, so this confirms it too.
    """
    account = tokens.read_reset_token(uow.session, token, secret_key)
    if account is None:
        raise Conflict("This link was used already or is too old. Ask for a new one.", state="spent")
    row = _account(uow, account)
    check_password(password, row.email, row.name)
    before, hashed = row.password_hash, hash_password(password)
    done = uow.session.execute(
        update(Account)
        .where(Account.id == account, Account.password_hash == before)
        .values(password_hash=hashed, password_changed_at=uow.machine_now,
                confirmed_at=row.confirmed_at or uow.now, sign_up_mark="")
    )  # fmt: skip
    if done.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This link was used already or is too old. Ask for a new one.", state="spent")
    end_sessions(uow, account=account)
    uow.emit(events.PASSWORD_CHANGED, account)
    uow.audit("account.password_changed", account, way="mail")
    return account


def change_password(
    uow: UnitOfWork, *, account: str, current: str, password: str, address: str = "", agent: str = ""
) -> str:
    """Change one's password knowing the present one; ends every session (S13) and returns a new one's token."""
    row = _account(uow, account)
    if not matches(row.password_hash, current):
        raise InvalidInput({"current": [say("This is not your present password.")]})
    check_password(password, row.email, row.name)
    row.password_hash, row.password_changed_at = hash_password(password), uow.machine_now
    end_sessions(uow, account=account)
    uow.emit(events.PASSWORD_CHANGED, account)
    uow.audit("account.password_changed", account, way="password")
    return start_session(uow, account=account, address=address, agent=agent, second_factor=row.totp_on)


def ask_move(uow: UnitOfWork, *, account: str, email: str, current: str) -> None:
    """Ask to be written to at another address: a link goes there, a notice to the present one.

    For an address that has an account already nothing is sent, and the caller sees no difference (S15).
    """
    row, email = _account(uow, account), checked_email(email)
    if not matches(row.password_hash, current):
        raise InvalidInput({"current": [say("This is not your present password.")]})
    if email == row.email:
        raise InvalidInput({"email": [say("This is your address already.")]})
    uow.audit("account.move_asked", account)
    if queries.account_by_email(uow.session, email) is None:
        uow.emit(events.MOVE_ASKED, account, email=email)


def move(
    uow: UnitOfWork, *, account: str, token: str, secret_key: str, address: str = "", agent: str = ""
) -> str:
    """Make the address that ``token`` names the account's, once; ends every session and returns a new one's token.

    What was mailed to the address before (links to confirm, to reset a password) is dead from now on.
    """
    found = tokens.read_moving_token(uow.session, token, secret_key)
    if found is None or found[0] != account:
        raise Conflict("This link was used already or is too old. Ask for a new one.", state="spent")
    row = _account(uow, account)
    before = row.email
    try:
        with uow.session.begin_nested():
            row.email, row.confirmed_at = found[1], row.confirmed_at or uow.now
            uow.session.flush()
    except IntegrityError:
        raise Conflict("This address has another account by now.", state="taken") from None
    end_sessions(uow, account=account)
    uow.emit(events.MOVED, account, before=before)
    uow.audit("account.moved", account)
    return start_session(uow, account=account, address=address, agent=agent, second_factor=row.totp_on)


def save_settings(uow: UnitOfWork, *, account: str, name: str, locale: str, time_zone: str) -> None:
    """Name, language and time zone of a person."""
    if time_zone not in available_timezones():
        raise InvalidInput({"time_zone": [say("Choose a time zone from the list.")]})
    if not name.strip():
        raise InvalidInput({"name": [say("Please fill this in.")]})
    row = _account(uow, account)
    row.name, row.locale, row.time_zone = name.strip(), locale, time_zone
    uow.audit("account.settings_changed", account, locale=locale, time_zone=time_zone)


def become_freelancer(uow: UnitOfWork, *, account: str) -> None:
    """Offer one's own work too."""
    _account(uow, account).is_freelancer = True
    uow.audit("account.became_freelancer", account)


def suspend(uow: UnitOfWork, *, account: str, reason: str) -> None:
    """Shut a person out, in writing; ends their sessions and invitations at once. Needs ``people.suspend``."""
    need(uow.actor, "people.suspend")
    if not reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the person reads it.")]})
    row = _account(uow, account)
    if account == uow.actor.id:
        raise Conflict("Nobody suspends themselves.")
    if row.suspended_at is not None:
        raise Conflict("This account is suspended already.", state="suspended", allowed=("reinstate",))
    if uow.session.get(Staff, account) is not None:
        need(uow.actor, "staff.manage")
    row.suspended_at, row.suspension_reason = uow.now, reason.strip()
    end_sessions(uow, account=account)
    withdraw_open(uow, Invitation.invited_by == account)
    uow.emit(events.SUSPENDED, account)
    uow.audit("account.suspended", account, reason=reason.strip())


def reinstate(uow: UnitOfWork, *, account: str, reason: str) -> None:
    """Let a suspended person in again, in writing. Needs ``people.suspend``."""
    need(uow.actor, "people.suspend")
    if not reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the person reads it.")]})
    row = _account(uow, account)
    if row.suspended_at is None:
        raise Conflict("This account is not suspended.", state="active", allowed=("suspend",))
    if is_erased(row.email):
        raise Conflict("This person was erased: there is nobody to reinstate.", state="erased")
    row.suspended_at, row.suspension_reason = None, ""
    uow.emit(events.REINSTATED, account)
    uow.audit("account.reinstated", account, reason=reason.strip())


def _account(uow: UnitOfWork, account: str) -> Account:
    row = uow.session.get(Account, account)
    if row is None:
        raise NotFound("There is no such account.")
    return row
