"""What the brief's form takes. Nothing is required while one writes: what is lacking is said when one publishes."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields

from marketwright.features.facets import forms as own_fields
from marketwright.features.missions.brief import FARTHEST, MOST_QUESTIONS, REACHES, REMOTE, VISIBILITIES, Brief, Wanted
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import say
from marketwright.strategies.fields import Field
from marketwright.web.fields import DateField, IntField, MoneyField, TextField
from marketwright.web.formats import show_money
from marketwright.web.names import COUNTRIES, LANGUAGES

LONGEST_QUESTION = 400


def one_of(allowed: tuple[str, ...]) -> Any:
    """A validator that lets an empty box and the values of ``allowed`` through."""

    def validate(value: str) -> None:
        if value and value not in allowed:
            raise ValidationError(say("Please choose one of the list."))

    return validate


class Questions(TextField):
    """Up to five questions, one a line."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kw: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kw)
        asked = [line.strip(" \t-•") for line in text.splitlines() if line.strip(" \t-•")]
        if len(asked) > MOST_QUESTIONS:
            raise ValidationError(say("At most %(n)s questions: people answer short lists.", n=MOST_QUESTIONS))
        if any(len(q) > LONGEST_QUESTION for q in asked):
            raise ValidationError(say("A question has %(n)s characters at most.", n=LONGEST_QUESTION))
        return tuple(asked)


class WantedRowSchema(Schema):
    """One skill asked for."""

    class Meta:
        """The picker's rows have parts that this form does not ask for."""

        unknown = EXCLUDE

    key = TextField(longest=80, required=True)
    kind = TextField(longest=4, validate=one_of(("must", "nice")))
    level = IntField(least=1, most=4)


class BriefSchema(Schema):
    """The brief without the niche's own fields and the budget."""

    title = TextField(longest=160)
    description = TextField(longest=12_000, lines=True)
    language = TextField(longest=5, validate=one_of(("en", "fr")))
    skills = fields.List(fields.Nested(WantedRowSchema), load_default=list)
    start_on = DateField()
    duration_days = IntField(least=1, most=1000)
    days_a_week = IntField(least=1, most=7)
    budget_kind = TextField(longest=10, validate=one_of(("day_rate", "fixed")))
    city = TextField(longest=100)
    country = TextField(longest=2, validate=one_of(COUNTRIES))
    remote = TextField(longest=10, validate=one_of(REMOTE))
    reach = TextField(longest=8, validate=one_of(REACHES))
    within_km = IntField(least=1, most=FARTHEST)
    languages = fields.List(fields.String(validate=one_of(LANGUAGES)), load_default=list)
    visibility = TextField(longest=10, validate=one_of(VISIBILITIES))
    named = TextField(longest=1, validate=one_of(("0", "1")))
    public_name = TextField(longest=160)
    questions = Questions(longest=(LONGEST_QUESTION + 4) * MOST_QUESTIONS * 2, lines=True)
    confidential = TextField(longest=8000, lines=True)


def brief_schema(currency: str, own: list[Field]) -> Schema:
    """The whole form, with amounts in ``currency`` and the niche's own fields."""
    most = 2_000_000 * 10 ** exponent(currency)
    more: dict[str, Any] = {"budget": MoneyField(currency, least=1, most=most)}
    more |= own_fields.schema(own, strict=False)
    made: type[Schema] = BriefSchema.from_dict(more, name="OwnBriefSchema")
    return made()


def to_brief(loaded: Mapping[str, Any], own: list[Field]) -> Brief:
    """What the form's schema loaded, as a brief."""
    budget = loaded.get("budget")
    return Brief(
        title=loaded["title"], description=loaded["description"], language=loaded["language"] or "en",
        skills=tuple(Wanted(r["key"], r.get("kind") != "nice", r.get("level")) for r in loaded["skills"]),
        start_on=loaded.get("start_on"), duration_days=loaded.get("duration_days"),
        days_a_week=loaded.get("days_a_week"), budget_kind=loaded["budget_kind"] or "day_rate",
        budget=budget.amount if budget else None, city=loaded["city"], country=loaded["country"],
        remote=loaded["remote"] or "hybrid", reach=loaded["reach"], within_km=loaded.get("within_km"),
        languages=tuple(dict.fromkeys(loaded["languages"])),
        visibility=loaded["visibility"] or "public", named=loaded["named"] != "0", public_name=loaded["public_name"],
        questions=tuple(loaded["questions"] or ()), confidential=loaded["confidential"],
        fields=own_fields.values(own, loaded),
    )  # fmt: skip


def from_brief(brief: Brief, currency: str, own: list[Field]) -> dict[str, Any]:
    """A stored brief as the form begins with it."""
    skills = [{"key": s.skill_id, "level": s.level or "", "kind": "must" if s.must else "nice"} for s in brief.skills]
    return {
        "title": brief.title, "description": brief.description, "language": brief.language, "skills": skills,
        "start_on": brief.start_on.isoformat() if brief.start_on else "", "duration_days": brief.duration_days,
        "days_a_week": brief.days_a_week, "budget_kind": brief.budget_kind,
        "budget": show_money(Money(brief.budget, currency), plain=True) if brief.budget else "",
        "city": brief.city, "country": brief.country, "remote": brief.remote,
        "reach": brief.reach, "within_km": brief.within_km, "languages": list(brief.languages),
        "visibility": brief.visibility, "named": "1" if brief.named else "0", "public_name": brief.public_name,
        "questions": "\n".join(brief.questions), "confidential": brief.confidential,
    } | own_fields.initial(own, brief.fields)  # fmt: skip
