"""The second factor: codes of an authenticator app (TOTP), each good once, and recovery codes on paper.

The key is derived from the site's secret and a nonce of the account: a stolen database has no keys in it.
"""

import base64
import hashlib
import hmac
import re
import secrets
from urllib.parse import quote

import pyotp
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from marketwright.features.accounts import events
from marketwright.features.accounts.rights import need
from marketwright.features.accounts.sessions import end_sessions
from marketwright.features.accounts.tables import Account, RecoveryCode, Staff
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

STEP = 30
CODES = 10
_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def _key(account: str, nonce: str, secret_key: str) -> str:
    digest = hmac.new(secret_key.encode(), f"totp:{account}:{nonce}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def begin(uow: UnitOfWork, *, account: str) -> None:
    """Draw a new key for ``account``; it counts only once a code of it was typed."""
    row = _account(uow, account)
    if row.totp_on:
        raise Conflict("The second factor is on already.", state="on", allowed=("switch it off",))
    row.totp_nonce = secrets.token_urlsafe(16)
    uow.audit("second_factor.begun", account)


def pending_key(session: Session, account: str, secret_key: str) -> str:
    """The key that waits for its first code, in base 32; '' when none waits."""
    row = session.execute(select(Account.totp_nonce, Account.totp_on).where(Account.id == account)).first()
    return _key(account, row.totp_nonce, secret_key) if row and row.totp_nonce and not row.totp_on else ""


def key_uri(key: str, *, email: str, site: str) -> str:
    """What the QR code says: ``otpauth://totp/...``."""
    return f"otpauth://totp/{quote(site)}:{quote(email)}?secret={key}&issuer={quote(site)}"


def switch_on(uow: UnitOfWork, *, account: str, code: str, secret_key: str) -> list[str]:
    """Switch the second factor on with its first code; ends all sessions, returns the recovery codes."""
    row = _account(uow, account)
    if row.totp_on or not row.totp_nonce:
        raise Conflict("Begin again: there is no key waiting for a code.", state="on" if row.totp_on else "off")
    step = _step_of(row, code, secret_key, now=int(uow.machine_now.timestamp()))
    if step is None:
        raise InvalidInput({"code": [say("This code does not fit. Check the clock of your phone, take the next one.")]})
    row.totp_on, row.totp_last_step = True, step
    end_sessions(uow, account=account)
    uow.emit(events.SECOND_FACTOR_ON, account)
    uow.audit("second_factor.on", account)
    return new_recovery_codes(uow, account=account)


def switch_off(uow: UnitOfWork, *, account: str, **told: str) -> None:
    """Switch the second factor off; the caller has asked for the password. Ends all sessions (S13).

    ``told`` is what else the person reads of it.
    """
    row = _account(uow, account)
    if not row.totp_on:
        raise Conflict("The second factor is off already.", state="off")
    row.totp_on, row.totp_nonce = False, ""
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))
    end_sessions(uow, account=account)
    uow.emit(events.SECOND_FACTOR_OFF, account, **told)
    uow.audit("second_factor.off", account)


def lift(uow: UnitOfWork, *, account: str, reason: str) -> None:
    """Switch it off for somebody who lost phone and codes, in writing; needs ``people.suspend``.

    That of the staff needs ``staff.manage``. Nobody lifts their own: it asks for the password.
    """
    need(uow.actor, "people.suspend")
    if uow.actor.is_person and uow.actor.id == account:
        raise Conflict("Your own second factor is switched off on the page of your security, with your password.")
    if uow.session.get(Staff, account) is not None:
        need(uow.actor, "staff.manage")
    if not reason.strip():
        raise InvalidInput({"reason": [say("Write the reason: the person reads it.")]})
    switch_off(uow, account=account, reason=reason.strip())
    uow.audit("second_factor.lifted", account, reason=reason.strip())


def code_opens(uow: UnitOfWork, *, account: str, code: str, secret_key: str) -> bool:
    """Whether ``code`` (of the app, or a recovery code) lets ``account`` in; it is spent at once (S16, S18)."""
    row = _account(uow, account)
    if not row.totp_on:
        return False
    step = _step_of(row, code, secret_key, now=int(uow.machine_now.timestamp()))
    if step is None:
        opened = _spend_recovery_code(uow, account, code)
    else:
        done = uow.session.execute(
            update(Account).where(Account.id == account, Account.totp_last_step < step).values(totp_last_step=step)
        )
        opened = bool(done.rowcount == 1)  # type: ignore[attr-defined]
    if not opened:
        uow.audit("second_factor.refused", account)
    return opened


def _step_of(row: Account, code: str, secret_key: str, *, now: int) -> int | None:
    """The time step that ``code`` belongs to, one before or after now at most; only plain digits count."""
    typed = code.strip().replace(" ", "")
    if not _DIGITS.fullmatch(typed):
        return None
    totp = pyotp.TOTP(_key(row.id, row.totp_nonce, secret_key))
    for step in (now // STEP, now // STEP - 1, now // STEP + 1):
        if hmac.compare_digest(totp.generate_otp(step), typed):
            return step
    return None


def new_recovery_codes(uow: UnitOfWork, *, account: str) -> list[str]:
    """Ten fresh recovery codes; the earlier ones are worthless."""
    uow.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))
    codes = [new_id() for _ in range(CODES)]
    uow.session.execute(
        insert(RecoveryCode), [{"account_id": account, "sha256": _code_hash(account, code)} for code in codes]
    )
    uow.audit("second_factor.codes_made", account)
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in codes]


def _code_hash(account: str, code: str) -> str:
    plain = code.strip().casefold().replace("-", "").replace(" ", "")
    return hashlib.sha256(f"{account}:{plain}".encode()).hexdigest()


def _spend_recovery_code(uow: UnitOfWork, account: str, code: str) -> bool:
    done = uow.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account, RecoveryCode.sha256 == _code_hash(account, code),
               RecoveryCode.used_at.is_(None))
        .values(used_at=uow.machine_now)
    )  # fmt: skip
    spent = bool(done.rowcount == 1)  # type: ignore[attr-defined]
    if spent:
        uow.audit("second_factor.recovery_code_used", account)
    return spent


def recovery_codes_left(session: Session, account: str) -> int:
    """How many recovery codes still open."""
    count = select(func.count()).where(RecoveryCode.account_id == account, RecoveryCode.used_at.is_(None))
    return session.scalar(count) or 0


def _account(uow: UnitOfWork, account: str) -> Account:
    row = uow.session.get(Account, account)
    if row is None:
        raise NotFound("There is no such account.")
    return row
