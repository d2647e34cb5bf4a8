"""Mail and files through folders, where another program on the machine does the carrying."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import click
from marshmallow import Schema, fields, validate

from marketwright.plugin import Adapter, Desk, Job, Manifest, hookimpl
from marketwright_folders.files import FolderFiles
from marketwright_folders.mails import FolderMail, subjects, tidy


class FolderSettings(Schema):
    """``[plugin.folders]``: folders by their full path; an empty one leaves that port as it is."""

    mail = fields.Str(load_default="", metadata={"label": "Folder for mail", "description": "A Maildir."})
    files = fields.Str(load_default="", metadata={"label": "Folder for files", "description": "A second place."})
    keep_days = fields.Int(load_default=30, validate=validate.Range(1, 3650),
                           metadata={"label": "Days that mail is kept"})  # fmt: skip


manifest = Manifest(
    name="folders", summary="Mail and files through folders, for another program to carry.", settings=FolderSettings,
    core=">=0.1,<0.2", personal_data=("email", "documents"),
)  # fmt: skip


@hookimpl
def register_adapters(settings: Mapping[str, Any]) -> Sequence[type[Adapter]]:
    """Those whose folder is set."""
    found: list[type[Adapter]] = [FolderMail] if settings["mail"] else []
    return [*found, FolderFiles] if settings["files"] else found


@hookimpl
def register_jobs(settings: Mapping[str, Any]) -> Sequence[Job]:
    """Old mail is taken away once a day."""
    return [Job("tidy", tidy, every=timedelta(days=1), says="Takes old mail away.")] if settings["mail"] else []


@hookimpl
def register_commands(settings: Mapping[str, Any], desk: Desk) -> Sequence[click.Command]:
    """``marketwright x folders mails``."""

    @click.command("mails")
    def mails() -> None:
        """List the mails in the folder, oldest first."""
        for line in subjects(settings["mail"]) if settings["mail"] else ["No folder is set for mail."]:
            click.echo(line)

    return [mails]
