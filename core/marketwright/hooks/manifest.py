"""What a plugin says of itself: the value ``manifest`` of its module."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from marshmallow import Schema

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.inbox import Inbox

READS = ("profiles", "missions", "contracts", "organisations", "verdicts", "evidence", "bills")
ACTS = ("record_verdict", "meet_condition", "ask_for_document", "post", "notify", "take_transition",
        "receive_payment")
PERSONAL = ("name", "email", "phone", "address", "birth_date", "documents", "messages", "bank_account", "vat_number")


class NoSettings(Schema):
    """The settings of a plugin that has none."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """``name`` is the entry point's name; ``settings`` a marshmallow schema for ``[plugin.<name>]``.

    ``core`` is the range of versions of marketwright that it works with (``>=0.1,<0.2``); empty takes any. ``reads``
    lists the rows that its desk may query (``profiles``, ``missions``, ``contracts``, ``organisations``,
    ``verdicts``, ``evidence``, ``bills``), ``personal_data`` what of people it reads or is handed (``name``, ``email``,
    ``phone``, ``address``, ``birth_date``, ``documents``, ``messages``, ``bank_account``, ``vat_number``), ``acts`` the
    actions that it may take. ``hosts`` are the hosts it may call (``api.example.com``, ``127.0.0.1:8000``, or
    ``setting:<key>`` for the host of the address in a setting), ``secrets`` the environment variables it needs,
    ``inbox`` how messages to ``/in/<name>`` are signed. ``requires`` names plugins that must be enabled too. ``niche``
    marks a niche pack: it is offered when a marketplace is baked.

    ``tables`` is the plugin's ``plugin_base(…)``, whose migrations lie in ``migrations/versions`` of the package.
    ``export(person, desk)`` gives what the plugin's tables keep of a person (plain JSON values), ``erase(person,
    desk)`` forgets it; a plugin with tables that name people has both.
    """

    name: str
    summary: str
    version: str = "0.1.0"
    settings: type[Schema] = NoSettings
    reads: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    requires: tuple[str, ...] = field(default_factory=tuple)
    niche: bool = False
    core: str = ""
    personal_data: tuple[str, ...] = ()
    inbox: Inbox | None = None
    tables: Any = None
    export: Callable[[str, Any], Mapping[str, Any]] | None = None
    erase: Callable[[str, Any], None] | None = None
