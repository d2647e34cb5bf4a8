"""A plugin of tests: a permit that outsiders sign, a note of both sides where the work is loud, a key back."""

from datetime import UTC, date, datetime, timedelta

from marshmallow import Schema

from marketwright.plugin import (
    Condition,
    ContractTemplate,
    Document,
    Field,
    FieldForm,
    Manifest,
    Role,
    Section,
    Signatory,
    hookimpl,
    say,
)

manifest = Manifest(name="asking", summary="Conditions with papers.", core=">=0.1,<0.2")
DAY = Field("condition", "opens", FieldForm.DATE, {"en": "Opens"}, required=True)
ROOM = Field("condition", "room", FieldForm.TEXT, {"en": "Room"}, required=True)
ROOMS = Field("condition", "rooms", FieldForm.ROWS, {"en": "Rooms"}, rows=(ROOM,), required=True,
              sealed=True)  # fmt: skip


class Permit(ContractTemplate):
    name, kind, version, languages, terms_schema = "permit", "permit", "1", ("en", "fr"), Schema

    def render(self, terms, language):
        rooms = tuple((r["room"],) for r in terms["handed"]["rooms"])
        owners = tuple(p["name"] for p in terms["signatories"]["owner"])
        text = f"{terms['client']['name']} opens from {terms['handed']['opens']}."
        return Document("Permit", language, "1", (Section("Rooms", (text,), rooms),), signatures=owners)


class Note(ContractTemplate):
    name, kind, version, languages, terms_schema = "note", "note", "1", ("en", "fr"), Schema

    def render(self, terms, language):
        return Document("Note on noise", language, "1", (Section("Noise", ("It is loud.",)),))


def _check(handed):
    bad = [n for n, row in enumerate(handed.values["rooms"]) if row["room"] == "Cellar"]
    return {f"rooms-{n}-room": say("Nobody goes into the cellar.") for n in bad}


def _opens(handed):
    return datetime.fromisoformat(handed.values["opens"]).replace(tzinfo=UTC)


@hookimpl
def register_fields(settings):
    choices = (("quiet", {"en": "Quiet"}), ("loud", {"en": "Loud"}))
    where = Field("mission", "where", FieldForm.LONG_TEXT, {"en": "Where the keys lie"}, private=True, sealed=True)
    return [Field("mission", "noise", FieldForm.CHOICE, {"en": "Noise"}, choices=choices), where]


@hookimpl
def register_contract_templates(settings):
    return [Permit, Note]


@hookimpl
def register_conditions(settings):
    return [
        Condition(
            "asking.permit", "Permit", "The client hands it in.", Role.CLIENT, before=("fund", "deliver"),
            fields=(DAY, ROOMS), check=_check, paper="permit", sign_by=_opens, confidential=True, within=("deliver",),
            spans=lambda handed: [(_opens(handed), _opens(handed) + timedelta(days=2))],
            signatories=(Signatory("owner", "Owner"), Signatory("neighbour", "Neighbour", least=0)),
            example=lambda day: {"opens": (day + timedelta(days=9)).isoformat(), "rooms": [{"room": "Attic"}]},
        ),
        Condition("asking.note", "Note on noise", "Both sign it.", Role.CLIENT, before=("deliver",), paper="note",
                  parties=(Role.CLIENT, Role.FREELANCER), when={"noise": ("loud",)}),
        Condition("asking.key", "Key back", "Say so.", Role.FREELANCER, asks=("text",), before=("approve",),
                  only_last=True),
    ]  # fmt: skip


def typed(**more):
    """The form of the permit, as typed."""
    day = date.fromisoformat(more.pop("opens"))
    return {"x_opens": day.isoformat(), "x_rooms-0-room": "Attic", "x_owner-0-name": "Ada Owner",
            "x_owner-0-company": "Owners Ltd", "x_owner-0-email": "ada@owners.example"} | more  # fmt: skip
