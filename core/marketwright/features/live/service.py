"""Recording approvals, and test mails with their answer."""

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import update

from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.rights import need
from marketwright.features.live.tables import Approval, MailTrial
from marketwright.features.live.texts import Approvable
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

PERMISSION = "settings.change"
DAYS = 7


def approve(uow: UnitOfWork, *, text: Approvable, name: str, note: str = "") -> str:
    """Record that ``name`` approved exactly this text; returns the record's id."""
    need(uow.actor, PERMISSION)
    if not name.strip():
        raise InvalidInput({"name": [say("Please say who has approved it.")]})
    row = Approval(
        id=new_id(), subject=text.subject, language=text.language, version=text.version, digest=text.digest,
        account_id=uow.actor.id, name=name.strip()[:200], note=note.strip()[:2000], at=uow.machine_now,
    )  # fmt: skip
    uow.session.add(row)
    uow.audit("text.approved", row.id, text=text.subject, language=text.language, version=text.version, by=row.name)
    return row.id


def ask_trial(uow: UnitOfWork, *, address: str, sender: str, server: str) -> str:
    """Write down a test mail that is about to be sent; returns its id."""
    need(uow.actor, PERMISSION)
    row = MailTrial(id=new_id(), address=checked_email(address), sender=sender, server=server, asked_by=uow.actor.id,
                    asked_at=uow.machine_now)  # fmt: skip
    uow.session.add(row)
    uow.audit("mail.tried", row.id, address=row.address)
    return row.id


def trial_code(trial: str, secret_key: str) -> str:
    """The code of the link in a test mail."""
    return _seal(secret_key).dumps(trial)


def read_code(code: str, secret_key: str) -> str:
    """The test mail that ``code`` answers; ``NotFound`` for a forged or old one."""
    try:
        return str(_seal(secret_key).loads(code, max_age=DAYS * 24 * 3600))
    except BadData:
        raise NotFound("This link is not valid any more. Send another test mail.") from None


def _seal(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="marketwright.live.mail")


def confirm_trial(uow: UnitOfWork, *, trial: str) -> None:
    """Record that a test mail arrived; a second time changes nothing."""
    done = uow.session.execute(
        update(MailTrial).where(MailTrial.id == trial, MailTrial.confirmed_at.is_(None))
        .values(confirmed_at=uow.machine_now)
    )  # fmt: skip
    if done.rowcount:  # type: ignore[attr-defined]
        uow.audit("mail.arrived", trial)
