"""What incident response hands over: the call with its severity, the register of evidence, the report, the lessons."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from marketwright.plugin import Deliverable, Field, FieldForm, Handed, HandedRows, Judgement, say

CALL_OUT, CONTAINMENT = "cybersecurity.call_out", "cybersecurity.containment"
INCIDENT, LESSONS = "cybersecurity.incident_report", "cybersecurity.lessons"
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_CLOCK = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d", re.ASCII)
DEGREES = (
    ("p1", {"en": "P1: the business stands still, or data leaves now",
            "fr": "P1 : activité arrêtée ou fuite de données en cours"}),
    ("p2", {"en": "P2: an attacker is inside, the business goes on",
            "fr": "P2 : attaquant présent, activité maintenue"}),
    ("p3", {"en": "P3: a suspicion that must be cleared up", "fr": "P3 : soupçon à lever"}),
)  # fmt: skip
RESPONSES = (
    ("one_hour", {"en": "1 hour, day and night", "fr": "1 heure, jour et nuit"}),
    ("four_hours", {"en": "4 hours, day and night", "fr": "4 heures, jour et nuit"}),
    ("next_day", {"en": "Next working day", "fr": "Jour ouvré suivant"}),
)  # fmt: skip
YES_NO_UNKNOWN = (
    ("yes", {"en": "Yes", "fr": "Oui"}), ("no", {"en": "No", "fr": "Non"}),
    ("unknown", {"en": "Not known", "fr": "Non établi"}),
)  # fmt: skip


def _field(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("deliverable", name, form, {"en": en, "fr": fr}, **more)


def _moment(name: str, en: str, fr: str) -> Field:
    hint = {"en": "Year-month-day hour:minute, UTC, as in 2026-03-04 21:40",
            "fr": "Année-mois-jour heure:minute, UTC, par exemple 2026-03-04 21:40"}  # fmt: skip
    return _field(name, FieldForm.TEXT, en, fr, required=True, hint=hint)


def moment(text: str) -> datetime | None:
    """The instant that ``text`` names, ``None`` where it is none."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M") if _CLOCK.fullmatch(text.strip()) else None  # noqa: DTZ007
    except ValueError:
        return None


def _not_moments(rows: str, column: str, handed: Handed) -> dict[str, Sequence[str]]:
    wrong = say("Write the day and the time in UTC, as in 2026-03-04 21:40.")
    return {f"{rows}-{n}-{column}": [wrong] for n, row in enumerate(handed.rows[rows])
            if moment(str(row[column])) is None}  # fmt: skip


class CallOut(Deliverable):
    """The call: what is seen, how bad it is, who decides. What a call may count on is agreed beforehand."""

    name, sealed = CALL_OUT, True
    label = "Call-out"
    summary = "What is seen and since when, how severe the {client} holds it to be, who decides on measures."
    agreed = (
        _field("response_time", FieldForm.CHOICE, "A call is answered within", "Délai de réponse à un appel",
               choices=RESPONSES, required=True),
        _field("call_number", FieldForm.TEXT, "Where to call", "Où appeler",
               hint={"en": "A telephone that is answered, not a mailbox.",
                     "fr": "Un téléphone auquel on répond, pas une boîte de courriel."}, required=True),
    )  # fmt: skip
    handed = (
        _field("degree", FieldForm.CHOICE, "Severity that you declare", "Gravité déclarée", choices=DEGREES,
               required=True),
        _moment("noticed_at", "Noticed at", "Constaté le"),
        _field("seen", FieldForm.LONG_TEXT, "What is seen", "Ce qui est constaté", required=True),
        _field("done_already", FieldForm.LONG_TEXT, "What was done already", "Ce qui a déjà été fait",
               hint={"en": "Switched off, reinstalled, restored: it says which evidence is lost.",
                     "fr": "Arrêts, réinstallations, restaurations : cela dit quelles preuves sont perdues."}),
        _field("decides", FieldForm.TEXT, "Who decides on measures, with a telephone",
               "Qui décide des mesures, avec un téléphone", required=True),
    )  # fmt: skip

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """A moment that is none is refused: deadlines of notification run from it."""
        if moment(str(handed.values["noticed_at"])) is None:
            return {"noticed_at": [say("Write the day and the time in UTC, as in 2026-03-04 21:40.")]}
        return {}

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Files that nobody can open, on a Monday."""
        values = {"degree": "p1", "noticed_at": "2026-03-02 05:10", "seen": "File servers show a ransom note.",
                  "done_already": "Backups unplugged.", "decides": "N. Roussel, +33 3 20 00 00 00"}
        return {"response_time": "four_hours", "call_number": "+33 6 00 00 00 00"}, Handed(values)  # fmt: skip


_ITEM = _field("item", FieldForm.TEXT, "Item", "Pièce", required=True)
_HASH = _field("fingerprint", FieldForm.TEXT, "SHA-256", "SHA-256", required=True)


class Containment(Deliverable):
    """Measures with who decided them, and the register of evidence: each item hashed, with who took and holds it."""

    name, sealed = CONTAINMENT, True
    label = "Containment, and register of evidence"
    summary = "What was done and who decided it; each piece of evidence with its hash, who took it, who holds it."
    handed = (
        _field("situation", FieldForm.LONG_TEXT, "Where it stands", "Situation", required=True),
    )  # fmt: skip
    rows = (
        HandedRows(
            "measures", {"en": "Measures taken", "fr": "Mesures prises"}, {"en": "Measure", "fr": "Mesure"}, least=1,
            columns=(
                _field("measure", FieldForm.TEXT, "Measure", "Mesure", required=True),
                _moment("taken_at", "At", "Le"),
                _field("who_decided", FieldForm.TEXT, "Decided by", "Décidée par", required=True),
            ),
        ),
        HandedRows(
            "evidence", {"en": "Register of evidence", "fr": "Registre des preuves"},
            {"en": "Piece of evidence", "fr": "Pièce"}, least=1,
            columns=(
                _ITEM, _HASH, _moment("collected_at", "Taken at", "Recueillie le"),
                _field("collected_by", FieldForm.TEXT, "Taken by", "Recueillie par", required=True),
                _field("held_by", FieldForm.TEXT, "Held by, where", "Détenue par, où", required=True),
            ),
        ),
    )  # fmt: skip

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """Every piece has a hash that is one, once; every moment is one."""
        wrong = _not_moments("measures", "taken_at", handed) | _not_moments("evidence", "collected_at", handed)
        hashes = [str(row["fingerprint"]).strip().lower() for row in handed.rows["evidence"]]
        for n, found in enumerate(hashes):
            if not _SHA256.fullmatch(found):
                wrong[f"evidence-{n}-fingerprint"] = [say("A SHA-256 is 64 digits and letters from a to f.")]
            elif found in hashes[:n]:
                wrong[f"evidence-{n}-fingerprint"] = [say("This hash stands above already: one line a piece.")]
        return wrong

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Two measures, one image of a disk."""
        rows = {
            "measures": ({"measure": "Administrative accounts locked", "taken_at": "2026-03-02 07:30",
                          "who_decided": "N. Roussel"},),
            "evidence": ({"item": "Image of the disk of FS01", "fingerprint": "9f" * 32,
                          "collected_at": "2026-03-02 08:15", "collected_by": "T. Girard",
                          "held_by": "T. Girard, sealed bag 0417"},),
        }  # fmt: skip
        return {}, Handed({"situation": "No new host since 07:40."}, rows)


class IncidentReport(Deliverable):
    """What happened, in order, how it began, what was reached; the facts that a notification needs."""

    name, sealed, follows = INCIDENT, True, (CONTAINMENT,)
    label = "Incident report"
    summary = "The timeline, how it began, what was reached, the facts to notify, where each piece of evidence is."
    handed = (
        _field("cause", FieldForm.LONG_TEXT, "How it began", "Origine", required=True),
        _field("reached", FieldForm.LONG_TEXT, "What was reached", "Ce qui a été atteint", required=True),
        _field("personal", FieldForm.CHOICE, "Personal data reached", "Données personnelles atteintes",
               choices=YES_NO_UNKNOWN, required=True),
        _field("to_notify", FieldForm.LONG_TEXT, "Facts for notifications", "Faits utiles aux notifications",
               hint={"en": "What an authority or the persons concerned must be told; the client decides and notifies.",
                     "fr": "Ce qu’une autorité ou les personnes concernées doivent apprendre ; le client décide et "
                           "notifie."}),
    )  # fmt: skip
    rows = (
        HandedRows(
            "timeline", {"en": "Timeline", "fr": "Chronologie"}, {"en": "Event", "fr": "Événement"}, least=2,
            columns=(
                _moment("at", "At", "Le"),
                _field("event", FieldForm.TEXT, "Event", "Événement", required=True),
                _field("shown_by", FieldForm.TEXT, "Shown by", "Établi par", required=True),
            ),
        ),
        HandedRows(
            "custody", {"en": "Chain of custody", "fr": "Chaîne de conservation"},
            {"en": "Piece of evidence", "fr": "Pièce"}, fixed=(_ITEM, _HASH),
            columns=(
                _field("now_with", FieldForm.TEXT, "Now with", "Désormais chez", required=True),
                _moment("passed_at", "Passed on at", "Transmise le"),
                _field("intact", FieldForm.CHOICE, "Hash compared again", "Empreinte revérifiée", required=True,
                       choices=(("same", {"en": "The same", "fr": "Identique"}),
                                ("differs", {"en": "Differs", "fr": "Différente"}))),
            ),
        ),
    )  # fmt: skip

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every piece of the register."""
        return {"custody": [{n: row[n] for n in ("item", "fingerprint")} for row in before.rows.get("evidence", ())]}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """Moments are moments and rise; personal data that was reached comes with the facts."""
        wrong = _not_moments("timeline", "at", handed) | _not_moments("custody", "passed_at", handed)
        times = [moment(str(row["at"])) for row in handed.rows["timeline"]]
        for n, (one, other) in enumerate(pairwise(times), 1):
            if one and other and other < one:
                wrong[f"timeline-{n}-at"] = [say("This lies before the line above: put the events in order.")]
        if handed.values["personal"] != "no" and not handed.values.get("to_notify"):
            wrong["to_notify"] = [say("Personal data may have been reached: give the facts that a notification needs.")]
        return wrong

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """Nothing is measured; both read whether the chain of custody holds."""
        counts = Counter(row["intact"] for row in handed.rows["custody"])
        figures = ((say("Evidence with the same hash"), f"{counts['same']} / {sum(counts.values())}"),)
        broken = (say("The hash of a piece of evidence differs: say why before it is relied on."),)
        return Judgement(None, figures, broken if counts["differs"] else ())

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """A supplier's account, over a weekend."""
        rows = {
            "timeline": (
                {"at": "2026-02-27 22:04", "event": "Sign-in with a supplier's account", "shown_by": "VPN log"},
                {"at": "2026-03-02 03:50", "event": "Encryption begins on FS01", "shown_by": "Image of FS01"},
            ),
            "custody": ({"now_with": "Client, safe of the registry", "passed_at": "2026-03-20 10:00",
                         "intact": "same"},),
        }  # fmt: skip
        values = {"cause": "A supplier's password, without a second factor.", "reached": "Three file servers.",
                  "personal": "yes", "to_notify": "Payroll of 212 persons was copied on 1 March."}
        return {}, Handed(values, rows)  # fmt: skip


class Lessons(Deliverable):
    """What is to be different next time, each with an owner and a day."""

    name, sealed = LESSONS, True
    label = "Lessons learned"
    summary = "What the review with those who were there came to: each measure with an owner and a day."
    handed = (
        _field("review_day", FieldForm.DATE, "Review held on", "Revue tenue le", required=True),
        _field("present", FieldForm.TEXT, "Who took part", "Participants", required=True),
    )  # fmt: skip
    rows = (
        HandedRows(
            "lessons", {"en": "Lessons", "fr": "Enseignements"}, {"en": "Lesson", "fr": "Enseignement"}, least=1,
            columns=(
                _field("lesson", FieldForm.TEXT, "What we learned", "Ce que nous avons appris", required=True),
                _field("remedy", FieldForm.TEXT, "What changes", "Ce qui change", required=True),
                _field("owner", FieldForm.TEXT, "Owner", "Responsable", required=True),
                _field("by_day", FieldForm.DATE, "By", "Échéance", required=True),
            ),
        ),
    )  # fmt: skip

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """One measure."""
        rows = {"lessons": ({"lesson": "Suppliers sign in with a password alone", "remedy": "Second factor for all "
                             "outside accounts", "owner": "IT operations", "by_day": "2026-04-30"},)}  # fmt: skip
        return {}, Handed({"review_day": "2026-03-25", "present": "Direction, IT, registry"}, rows)
