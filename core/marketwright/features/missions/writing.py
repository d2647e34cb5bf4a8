"""A brief to rows and back: the mission, its skills, questions, confidential part and facets, in one go."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from marketwright.features.accounts.rights import need
from marketwright.features.facets import forms as own_fields
from marketwright.features.facets import reshaping
from marketwright.features.facets import service as facets
from marketwright.features.files.tables import StoredFile
from marketwright.features.missions import sealing
from marketwright.features.missions.brief import FARTHEST, MOST_QUESTIONS, REACHES, REMOTE, VISIBILITIES, Brief, Wanted
from marketwright.features.missions.queries import MissionRow
from marketwright.features.missions.tables import ConfidentialPart, Mission, MissionSkill, Question
from marketwright.features.seals.service import PURPOSE
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import N_, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.i18n import current_locale
from marketwright.web.markdown import clean_markdown

OWNER = "mission"
CONFIDENTIAL = "confidential"  # the purpose of files that open with the agreement
SEALED = PURPOSE  # of files that open with the agreement, where the niche seals briefs
ATTACHED = "mission"  # the purpose of files that whoever sees the mission may read
SUMMARY = 280
FILE_LACKS = N_("%(name)s: keep a draft first, then add the file below it.")
_PLAIN = (
    "title", "language", "description", "start_on", "duration_days", "days_a_week", "budget_kind", "budget", "city",
    "country", "remote", "reach", "within_km", "visibility", "named", "public_name",
)  # fmt: skip


def declared(uow: UnitOfWork) -> list[Field]:
    """The niche's own fields of a mission."""
    return own_fields.of(uow.ports.get(Plugins), OWNER)


def write(uow: UnitOfWork, mission: Mission, brief: Brief) -> None:
    """Store all that ``brief`` says of ``mission``, new or known."""
    _check_words(brief)
    fields = declared(uow)
    checked = own_fields.check(fields, own_fields.with_files(fields, mission.fields or {}, brief.fields))
    for name in _PLAIN:
        setattr(mission, name, getattr(brief, name))
    mission.languages = list(brief.languages)
    mission.summary = summary(brief.description)
    checked = sealing.lay(uow, mission, fields, checked)
    mission.fields = checked
    uow.session.add(mission)
    uow.flush()
    _write_skills(uow, mission.id, brief)
    _write_questions(uow, mission.id, brief)
    secret = sealing.write_text(uow, mission.id, brief, fields)
    mission.confidential = (
        secret or own_fields.has_private(fields, checked) or _has_secret_files(uow, mission.id)
        or asks_in_confidence(uow.ports.get(Plugins), checked)
    )  # fmt: skip
    facets.rewrite(uow, owner_kind=OWNER, owner_id=mission.id, fields=fields, values=checked)
    uow.flush()


def _check_words(brief: Brief) -> None:
    one_of = say("Please choose one of the list.")
    errors: dict[str, list[str]] = {}
    if brief.remote not in REMOTE:
        errors["remote"] = [one_of]
    if brief.reach not in REACHES:
        errors["reach"] = [one_of]
    if brief.within_km is not None and not 1 <= brief.within_km <= FARTHEST:
        errors["within_km"] = [say("From 1 to %(n)s kilometres.", n=FARTHEST)]
    if brief.visibility not in VISIBILITIES:
        errors["visibility"] = [one_of]
    if brief.budget_kind not in ("day_rate", "fixed"):
        errors["budget_kind"] = [one_of]
    if len(brief.questions) > MOST_QUESTIONS:
        errors["questions"] = [say("At most %(n)s questions: people answer short lists.", n=MOST_QUESTIONS)]
    if errors:
        raise InvalidInput(errors)


def check_fields(fields: Iterable[Field], brief: Brief) -> dict[str, list[str]]:
    """The niche's required fields that are not filled in: sentences by form name."""
    lacking: dict[str, list[str]] = {}
    for field in fields:
        if field.required and brief.fields.get(field.name) in (None, "", []):
            words = "Please fill this in." if field.form is not FieldForm.FILE else FILE_LACKS
            lacking[own_fields.PREFIX + field.name] = [say(words, name=own_fields.word(field.label, current_locale()))]
    return lacking


def merge_skill(uow: UnitOfWork, *, old: str, new: str) -> list[str]:
    """Let every mission that asks for the skill ``old`` ask for ``new``: which did.

    Where one asks for both, it is a must if either was, at the higher of the two levels.
    """
    rows = uow.session.scalars(select(MissionSkill).where(MissionSkill.skill_id.in_((old, new)))).all()
    asked: dict[str, dict[str, MissionSkill]] = {}
    for row in rows:
        asked.setdefault(row.mission_id, {})[row.skill_id] = row
    changed = sorted(mission for mission, skills in asked.items() if old in skills)
    for mission in changed:
        mine = asked[mission].values()
        values = {"must": any(s.must for s in mine), "position": min(s.position for s in mine),
                  "level": max((s.level for s in mine if s.level is not None), default=None)}  # fmt: skip
        for row in mine:
            uow.session.delete(row)
        uow.flush()
        uow.session.add(MissionSkill(mission_id=mission, skill_id=new, **values))
        uow.session.execute(update(Mission).where(Mission.id == mission).values(version=Mission.version + 1))
    uow.flush()
    return changed


def _write_skills(uow: UnitOfWork, mission: str, brief: Brief) -> None:
    uow.session.execute(delete(MissionSkill).where(MissionSkill.mission_id == mission))
    wanted = {s.skill_id: s for s in reversed(brief.skills)}
    rows = [
        {"mission_id": mission, "skill_id": s.skill_id, "must": s.must, "level": s.level, "position": n}
        for n, s in enumerate(s for s in brief.skills if wanted.get(s.skill_id) is s)
    ]
    if rows:
        uow.session.execute(insert(MissionSkill), rows)


def _write_questions(uow: UnitOfWork, mission: str, brief: Brief) -> None:
    uow.session.execute(delete(Question).where(Question.mission_id == mission))
    rows = [{"mission_id": mission, "number": n, "text": q} for n, q in enumerate(brief.questions, start=1)]
    if rows:
        uow.session.execute(insert(Question), rows)


def asks_in_confidence(plugins: Plugins, stored: Mapping[str, Any]) -> bool:
    """Whether something is asked that is answered under the confidentiality agreement."""
    said = own_fields.without_sealed(stored)
    return any(entry.it.early and entry.it.concerns(said) for entry in plugins.conditions.values())


def _has_secret_files(uow: UnitOfWork, mission: str) -> bool:
    query = select(StoredFile.id).where(
        StoredFile.owner_kind == OWNER, StoredFile.owner_id == mission, StoredFile.purpose.in_((CONFIDENTIAL, SEALED)),
        StoredFile.removed_at.is_(None),
    )  # fmt: skip
    return uow.session.execute(query.limit(1)).first() is not None


def summary(markdown: str) -> str:
    """The first words of ``markdown`` as plain text, cut between words."""
    text = " ".join(clean_markdown(markdown).striptags().split())
    if len(text) <= SUMMARY:
        return text
    return text[:SUMMARY].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def stored_brief(session: Session, mission: "Mission | MissionRow") -> Brief:
    """The brief that the rows of ``mission`` say."""
    run = session.execute
    skills = run(
        select(MissionSkill.skill_id, MissionSkill.must, MissionSkill.level)
        .where(MissionSkill.mission_id == mission.id)
        .order_by(MissionSkill.position)
    )
    questions = run(select(Question.text).where(Question.mission_id == mission.id).order_by(Question.number))
    secret = session.get(ConfidentialPart, mission.id)
    plain: dict[str, Any] = {name: getattr(mission, name) for name in _PLAIN}
    return Brief(
        **plain, languages=tuple(mission.languages), skills=tuple(Wanted(*s) for s in skills),
        questions=tuple(q for (q,) in questions), confidential=secret.text if secret else "",
        secret_seal=secret.seal if secret else "", fields=dict(mission.fields),
    )  # fmt: skip


def changed_parts(before: Brief, after: Brief) -> tuple[str, ...]:
    """The names of what differs, in the order of the brief."""
    names = Brief.__dataclass_fields__
    return tuple(name for name in names if _comparable(before, name) != _comparable(after, name))


def _comparable(brief: Brief, name: str) -> Any:
    value = getattr(brief, name)
    if isinstance(value, Mapping):
        return dict(value)
    return frozenset(value) if name in ("skills", "languages") else value


def reshape_field(uow: UnitOfWork, *, before: Field, after: Field | None) -> int:
    """Bring the answers of all missions to a changed or removed field; returns how many are lost."""
    need(uow.actor, "settings.change")
    touched = list(reshaping.values_of(uow.session, Mission, before.name))
    lost = reshaping.reshape(uow, Mission, owner_kind=OWNER, before=before, after=after)
    fields = [f for f in declared(uow) if f.name != before.name] + ([after] if after else [])
    for id_ in touched:
        mission = uow.session.get_one(Mission, id_)
        said = uow.session.get(ConfidentialPart, id_) is not None
        mission.confidential = said or own_fields.has_private(fields, mission.fields) or _has_secret_files(uow, id_)
    uow.flush()
    return lost
