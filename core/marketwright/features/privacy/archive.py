"""What is kept of a person as one file: JSON by part, what plugins keep, and the person's uploads."""

import json
import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

from marketwright.features.desk import people
from marketwright.features.files.ports import Storage
from marketwright.features.privacy import queries
from marketwright.features.privacy.parts import PARTS
from marketwright.kernel.errors import Unavailable
from marketwright.web.house import House
from marketwright.web.i18n import gettext as _
from marketwright.web.i18n import translate


def archive(house: House, account: str) -> bytes:
    """A ZIP: ``<part>.json`` for each part of core, ``plugins.json``, ``files/``, and ``READ ME.txt`` with titles."""
    with house.database.reading() as session:
        kept = queries.kept_of(session, account)
    answered = people.kept_of(house, account)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("READ ME.txt", _contents(house, kept, answered))
        for part, tables in kept.items():
            made.writestr(f"{part}.json", _json(tables))
        made.writestr("plugins.json", _json({"kept": answered.gave, "failed": answered.failed,
                                             "silent": answered.silent}))  # fmt: skip
        for row in kept.get("files", {}).get("files", ()):
            if row["removed_at"] is None:
                try:
                    made.writestr(f"files/{row['id']} {row['name'].replace('/', '_')}",
                                  house.ports.get(Storage).get(row["id"]))  # fmt: skip
                except Unavailable:
                    continue  # its bytes are lost; the list of files still names it
    return out.getvalue()


def _contents(house: House, kept: dict[str, Any], answered: people.Answered) -> str:
    counted = queries.counts(kept)
    lines = [
        _("What %(site)s keeps of you, on %(day)s.", site=house.marketplace.name,
          day=house.clock.business().date().isoformat()), "",
        *(f"{p.name}.json: {translate(p.title)} ({counted[p.name]})" for p in PARTS if p.name in counted),
        f"plugins.json: {_('What plugins keep')} ({', '.join([*answered.gave, *answered.failed]) or '–'})",
        f"files/: {_('What you uploaded')}", "",
        _("Passwords and keys are left out. What others wrote to you or about you is theirs, and is left out too."),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _json(given: Any) -> str:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime | date):
            return value.isoformat()
        return value.hex() if isinstance(value, bytes) else str(value)

    return json.dumps(given, ensure_ascii=False, indent=1, default=plain)
