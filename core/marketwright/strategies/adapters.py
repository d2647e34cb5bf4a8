"""Adapters: how the marketplace reaches what it stands on, where a plugin brings another way. One of a kind a site."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any, ClassVar


class Adapter(ABC):
    """Built once as ``cls(settings, desk)``. ``port`` is ``mail``, ``files`` or ``scan``."""

    port: ClassVar[str]
    name: ClassVar[str]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk


class MailAdapter(Adapter):
    """Sends the marketplace's mail instead of an SMTP server."""

    port = "mail"

    @abstractmethod
    def send(self, mail: EmailMessage) -> None:
        """Hand ``mail`` over (its ``Message-ID`` is the same when it is tried again).

        ``ValueError`` says that it can never be delivered; anything else has it tried again later.
        """


class FileAdapter(Adapter):
    """Keeps the bytes of uploads and documents elsewhere than in the marketplace's folder.

    Bytes are written to this machine first, with the database, and handed over afterwards by the worker.
    """

    port = "files"

    @abstractmethod
    def put(self, id: str, data: bytes) -> None:  # noqa: A002  the word of the domain
        """Keep ``data`` under ``id``, whole or not at all; the same again is no error."""

    @abstractmethod
    def get(self, id: str) -> bytes | None:  # noqa: A002
        """The bytes of ``id``; ``None`` when there is no such file."""

    @abstractmethod
    def remove(self, id: str) -> None:  # noqa: A002
        """Forget ``id``; nothing happens when it is not there."""


class ScanAdapter(Adapter):
    """Examines what people upload before it is kept: a virus scanner, for one. Core brings none."""

    port = "scan"

    @abstractmethod
    def examine(self, data: bytes, name: str, media_type: str) -> str:
        """What is harmful in ``data``, named as the scanner names it; '' where it found nothing.

        ``data`` are the bytes as they were sent, ``media_type`` what they are by their content. Asked outside of
        units of work, while the person waits. Whatever it raises has the upload refused, to be sent again.
        """
