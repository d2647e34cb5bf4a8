"""Writing letters down and sending them: one mail and one notice for an event and a reader."""

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formataddr, formatdate, make_msgid
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import select

from marketwright.features.notifications.letters import (
    accounts,
    alerts,
    bills,
    cases,
    checks,
    deals,
    missions,
    outside,
    papers,
    plans,
    plugins,
    reports,
    talks,
    terms,
)
from marketwright.features.notifications.letters.kit import Letter, Told
from marketwright.features.notifications.paper import as_html, as_text
from marketwright.features.notifications.saying import shortened, spoken, stored
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.features.notifications.wording import worded
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import PluginFailed
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import Text
from marketwright.settings.marketplace import Marketplace
from marketwright.store.jobs import Job
from marketwright.store.tables import EventRow
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.adapters import Adapter, MailAdapter
from marketwright.web.formats import set_zone
from marketwright.web.house import House
from marketwright.web.i18n import speaking, translate

WRITERS = {**accounts.WRITERS, **cases.WRITERS, **checks.WRITERS, **talks.WRITERS, **deals.WRITERS, **missions.WRITERS,
           **papers.WRITERS, **outside.WRITERS, **bills.WRITERS, **plugins.WRITERS, **terms.WRITERS,
           **alerts.WRITERS, **plans.WRITERS, **reports.WRITERS}  # fmt: skip
AFTER = {**alerts.AFTER}  # what is written with the letters of an event
LONGEST = 300  # characters of a notice, and of the subject of a mail
Send = Callable[[Marketplace, EmailMessage], None]


class Post:
    """The subscriber ``notifications``: writes letters for an event, and sends what waits."""

    def __init__(self, house: House, send: Send | None = None) -> None:
        self._house = house
        self._send = send or send_by_smtp

    def tell(self, row: EventRow, _job: Job) -> None:
        """Write down what is to be told of an event."""
        writer, after = WRITERS.get(row.name), AFTER.get(row.name)
        if writer is None:
            return
        with self._house.database.reading() as session:
            told = Told(row, session, self._house)
            letters = worded(told, writer(told), self._house.plugins.notices)
        if not letters and after is None:
            return
        with self._house.database.unit(system("notifications")) as uow:
            for letter in letters:
                self._write(uow, row, letter)
            if after is not None:
                after(uow, row, letters)
            uow.commit()

    def _write(self, uow: UnitOfWork, row: EventRow, letter: Letter) -> None:
        set_zone(letter.reader.time_zone)
        with speaking(letter.reader.locale, self._house.catalogues):
            if letter.notice and letter.reader.account:
                self._note(uow, row, letter)
            if letter.mail:
                self._mail(uow, row, letter)

    def _note(self, uow: UnitOfWork, row: EventRow, letter: Letter) -> None:
        """A notice is a line: a message that is longer is kept as it is said now, cut."""
        subject = letter.subject
        if len(subject.template) > LONGEST:
            subject = Text("%(text)s", {"text": shortened(spoken(subject), LONGEST)})
        uow.session.execute(
            upsert(uow.session, Notice).values(
                id=new_id(), event_id=row.id, account_id=letter.reader.account, template=subject.template,
                params=stored(subject.params), href=letter.path, at=uow.now,
            ).on_conflict_do_nothing()
        )  # fmt: skip

    def _mail(self, uow: UnitOfWork, row: EventRow, letter: Letter) -> None:
        reader, mail = letter.reader, new_id()
        done: Any = uow.session.execute(
            upsert(uow.session, Mail).values(
                id=mail, event_id=row.id, kind=row.name, account_id=reader.account or None,
                address=reader.address, locale=reader.locale, subject=shortened(spoken(letter.subject), LONGEST),
                body=[spoken(p) for p in letter.paragraphs],
                action_label=translate(letter.action) if letter.action else "",
                action_url=self._address(letter.path), leave_url=self._address(letter.leave),
                items=[(i.title, i.line, self._address(i.path)) for i in letter.items],
                state="waiting" if self._goes_out else "kept", error="", created_at=uow.now,
                sent_at=None if self._goes_out else uow.now,
            ).on_conflict_do_nothing()
        )  # fmt: skip
        if done.rowcount and self._goes_out:
            uow.job("mail.send", key=mail, mail=mail)

    @property
    def _goes_out(self) -> bool:
        """Whether anything here sends mail; else it is kept for the console, at once."""
        return bool(self._house.plugins.adapters.get("mail") or self._house.marketplace.mail.smtp)

    def _address(self, path: str) -> str:
        return self._house.marketplace.base_url + path if path else ""

    def send(self, job: Job) -> None:
        """Send one mail that waits; where the mail server was taken away meanwhile it is kept for the console."""
        with self._house.database.reading() as session:
            mail = session.scalar(select(Mail).where(Mail.id == job.payload["mail"], Mail.state == "waiting"))
        if mail is None:
            return
        marketplace = self._house.marketplace
        state, error = "kept", ""
        adapter = self._house.plugins.adapters.get("mail")
        if adapter or marketplace.mail.smtp:
            try:
                self._hand_over(adapter, compose(marketplace, mail))
                state = "sent"
            except smtplib.SMTPRecipientsRefused as refused:
                state, error = "failed", str(refused)[:500]
            except PluginFailed as failed:
                if not isinstance(failed.__cause__, ValueError):
                    raise
                state, error = "failed", failed.reason[:500]
        with self._house.database.unit(system("notifications"), fence=job.check) as uow:
            row = uow.session.get_one(Mail, mail.id)
            row.state, row.error, row.sent_at = state, error, uow.now
            uow.commit()

    def _hand_over(self, adapter: Entry[Adapter] | None, message: EmailMessage) -> None:
        """To a plugin's adapter where there is one, else to the mail server."""
        if adapter is None:
            self._send(self._house.marketplace, message)
            return
        assert isinstance(adapter.it, MailAdapter)
        send = adapter.it.send
        adapter.ask("send", lambda _adapter: send(message))


def compose(marketplace: Marketplace, mail: Mail) -> EmailMessage:
    """The message as it leaves: plain text and HTML, no header that user text could add to."""
    message = EmailMessage()
    message["From"] = formataddr((marketplace.name, marketplace.mail.sender))
    message["To"] = mail.address
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(idstring=mail.id, domain=marketplace.mail.sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    if mail.leave_url:  # RFC 8058: the reader's mail program offers it as a button
        message["List-Unsubscribe"] = f"<{mail.leave_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(as_text(marketplace, mail))
    message.add_alternative(as_html(mail), subtype="html")
    return message


def send_by_smtp(marketplace: Marketplace, message: EmailMessage) -> None:
    """Hand ``message`` to the server of ``mail.smtp`` (``smtp://user:password@host:port``, ``smtps://`` for TLS)."""
    url = urlsplit(marketplace.mail.smtp)
    host = url.hostname or "localhost"
    secure = url.scheme == "smtps"
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, url.port or 465, timeout=20, context=context) if secure
        else smtplib.SMTP(host, url.port or 25, timeout=20)
    )  # fmt: skip
    with server:
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
