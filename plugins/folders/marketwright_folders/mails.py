"""Mail as files in a Maildir."""

from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from typing import Any

from marketwright.plugin import Desk, MailAdapter


class FolderMail(MailAdapter):
    """One file a mail; a mail that is tried again replaces nothing and stays one."""

    name = "folder_mail"

    def send(self, mail: EmailMessage) -> None:
        """Write ``mail`` into the folder, unless it lies there already."""
        folder = Maildir(self.settings["mail"])
        known = str(mail["Message-ID"])
        if all(str(lying["Message-ID"]) != known for lying in folder):
            folder.add(mail)


def subjects(folder: str) -> list[str]:
    """``<address>: <subject>`` of each mail, oldest first."""
    if not Path(folder).is_dir():
        return []
    lying = sorted(Maildir(folder, create=False), key=lambda m: m.get_date())
    return [f"{m['To']}: {m['Subject']}" for m in lying]


def tidy(_payload: Mapping[str, Any], desk: Desk) -> None:
    """Take away what is older than ``keep_days``."""
    folder = Maildir(desk.settings["mail"])
    oldest = (desk.clock.machine() - timedelta(days=desk.settings["keep_days"])).timestamp()
    for key in [k for k, m in folder.iteritems() if m.get_date() < oldest]:
        folder.remove(key)
