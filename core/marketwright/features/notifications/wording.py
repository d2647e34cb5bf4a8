"""Plugins' words for notices: checked when the site starts, put into the letters of an event."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from marketwright.features.contracts.registry import processes
from marketwright.features.notifications.letters.kit import Letter, Told
from marketwright.features.notifications.letters.parties import client_of, deal_of
from marketwright.features.notifications.places import PLACES
from marketwright.features.papers.tables import Handing, OutsideSigner
from marketwright.features.vetting import queries as vetting
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.text import Text
from marketwright.strategies.notices import NoticeText
from marketwright.strategies.processes import Role
from marketwright.web.i18n import Catalogues

_PLACE = re.compile(r"%\((\w+)\)s")
_STRAY = re.compile(r"%(?!\(\w+\)s|%)")
_ENDS = ("passed", "refused", "revoked")
PARTS = ("subject", "text", "more")


def check_notices(plugins: Plugins, catalogues: Catalogues, languages: Sequence[str]) -> None:
    """``BadSetting`` naming plugin, event and part for a word that could not be said.

    That is: an event that has no notice or is core's own affair, an ``of`` that nothing enabled has, a place that the
    notice does not fill, the same notice worded twice, a language of the site without its translation.
    """
    seen: dict[tuple[str, str, Role | None], str] = {}
    known = _nouns(plugins)
    for entry in plugins.notices:
        it = entry.it
        where = f"plugin {entry.plugin}: notice {it.event!r}" + (f" of {it.of!r}" if it.of else "")
        if it.event not in PLACES:
            raise BadSetting("no notice of this event can be worded.", where=where,
                             fix="docs/notices.md lists the events and their places.")  # fmt: skip
        if it.of and it.of not in known:
            raise BadSetting("no process, step, condition or check of this name is enabled.", where=where,
                             fix="Name a process, <process>.<step>, a condition, a check or its result.")  # fmt: skip
        if it.to not in (None, Role.CLIENT, Role.FREELANCER):
            raise BadSetting(f"it is for {it.to!r}, who is neither side.", where=where)
        if not any(getattr(it, part) for part in PARTS):
            raise BadSetting("it says nothing.", where=where, fix="Give a subject, a text or more.")
        if (it.event, it.of, it.to) in seen:
            raise BadSetting(f"it is worded twice, by {seen[it.event, it.of, it.to]!r} too.", where=where,
                             fix="Take one of the two away.")  # fmt: skip
        seen[it.event, it.of, it.to] = entry.plugin
        for part, language, text in _said(it, catalogues, languages):
            strangers = sorted({*_PLACE.findall(text), *_STRAY.findall(text)} - set(PLACES[it.event]))
            if strangers:
                raise BadSetting(
                    f"its {part} ({language}) has the place {strangers[0]!r}, which this notice does not fill.",
                    where=where, fix=f"It fills: {', '.join(PLACES[it.event]) or 'none'}.",
                )  # fmt: skip
            if language != "en" and getattr(it, part) not in catalogues.messages(language):
                raise BadSetting(f"its {part} has no translation: {getattr(it, part)!r}.", where=where,
                                 fix=f"Add it to the plugin's translations/{language}.po.")  # fmt: skip


def _said(it: NoticeText, catalogues: Catalogues, languages: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Part, language and text of all that it says."""
    for part in PARTS:
        message = getattr(it, part)
        if message:
            yield part, "en", message
            yield from ((part, one, catalogues.messages(one).get(message, message)) for one in languages if one != "en")


def _nouns(plugins: Plugins) -> set[str]:
    """All that ``of`` may name."""
    courses = processes(plugins).values()
    return {
        *(p.name for p in courses), *(f"{p.name}.{t.name}" for p in courses for t in p.transitions),
        *plugins.conditions, *plugins.vetting_checks,
        *(f"{check}.{end}" for check in plugins.vetting_checks for end in _ENDS),
    }  # fmt: skip


def worded(told: Told, letters: list[Letter], notices: Sequence[Entry[NoticeText]]) -> list[Letter]:
    """``letters`` of an event in the words of plugins, where there are any."""
    mine = [e.it for e in notices if e.it.event == told.event.name]
    about = _about(told) if mine else set()
    fit = sorted((n for n in mine if not n.of or n.of in about), key=lambda n: n.narrow)
    if not fit:
        return letters
    sides = _sides(told) if any(n.to for n in fit) else {}
    return [
        _reworded(letter, [n for n in fit if n.to in (None, sides.get(letter.reader.account))]) for letter in letters
    ]


def _reworded(letter: Letter, fit: Sequence[NoticeText]) -> Letter:
    places: dict[str, Any] = {}
    for text in (*reversed(letter.paragraphs), letter.subject):
        places |= text.params
    says = {part: getattr(n, part) for n in fit for part in PARTS if getattr(n, part)}  # the narrowest comes last
    said = {part: Text(message, {k: places[k] for k in _PLACE.findall(message)}) for part, message in says.items()
            if set(_PLACE.findall(message)) <= places.keys()}  # fmt: skip
    first, rest = letter.paragraphs[:1], letter.paragraphs[1:]
    paragraphs = (*((said["text"],) if "text" in said else first), *((said["more"],) if "more" in said else ()), *rest)
    return replace(letter, subject=said.get("subject", letter.subject), paragraphs=paragraphs)


def _about(told: Told) -> set[str]:
    """What an event is about, in the words that ``NoticeText.of`` may use."""
    found = {told.payload("condition")}
    deal = deal_of(told)
    if deal is not None:
        found |= {deal.contract.process, f"{deal.contract.process}.{told.payload('transition')}"}
    signer = told.session.get(OutsideSigner, told.event.subject)
    handing = told.session.get(Handing, signer.handing_id if signer else told.event.subject)
    if handing is not None:
        found.add(handing.name)
    verdict = vetting.verdict(told.session, told.event.subject)
    if verdict is not None:
        found |= {verdict.check, f"{verdict.check}.{verdict.result}"}
    return found | {told.payload("check")} - {""}


def _sides(told: Told) -> Mapping[str, Role]:
    deal = deal_of(told)
    if deal is None:
        return {}
    return {**dict.fromkeys(client_of(told, deal), Role.CLIENT), deal.contract.freelancer_id: Role.FREELANCER}
