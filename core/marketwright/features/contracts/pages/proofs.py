"""What the freelancer handed in that the law lets their clients hold: one file to keep, with what was compared."""

import io
import json
from collections.abc import Sequence
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Response

from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.files import queries as files
from marketwright.features.files.ports import Storage
from marketwright.features.vetting import queries as vetting
from marketwright.features.vetting.queries import Stands
from marketwright.kernel.errors import NotFound
from marketwright.kernel.time import iso
from marketwright.web.house import house, reading, the_viewer, unit


def held(contract: ContractRow) -> Sequence[Stands]:
    """The verdicts of shared checks on the freelancer that hold now, the first to end first.

    Once the contract has ended only what was decided before: later papers are none of this client's.
    """
    shared = {name for name, entry in house().plugins.vetting_checks.items() if entry.it.shared}
    now = house().clock.business()
    last = contract.ended_at or now
    found = [v for v in vetting.standing(reading(), "freelancer", contract.freelancer)
             if v.check in shared and v.holds(now) and v.run and v.at <= last]  # fmt: skip
    return sorted(found, key=lambda v: (v.expires is None, v.expires, v.check))


def may_hold(seen: Seen) -> bool:
    """The client of a contract that both signed, and staff who see evidence."""
    if seen.contract.signed_at is None:
        return False
    return seen.side == "client" or (seen.side == "operator" and the_viewer().may("vetting.read"))


@pages.get("/contracts/<contract>/proofs.zip", PARTIES)
def proofs(contract: str) -> Response:
    """The papers, and what was compared with what, by whom and until when; an empty list where there are none."""
    seen = find(contract)
    if not may_hold(seen):
        raise NotFound("There are no such papers for this {contract}.")
    verdicts = held(seen.contract)
    kept = io.BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as archive:
        archive.writestr("proofs.json", json.dumps([_with_files(archive, v) for v in verdicts], indent=2,
                                                   ensure_ascii=False))  # fmt: skip
    with unit() as uow:
        uow.audit("evidence.read", contract, checks=[v.check for v in verdicts])
        uow.commit()
    name = f"proofs-{seen.contract.reference}.zip"
    return Response(kept.getvalue(), mimetype="application/zip", headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store",
    })  # fmt: skip


def _with_files(archive: ZipFile, verdict: Stands) -> dict[str, object]:
    session, storage, listed = reading(), house().ports.get(Storage), []
    for given in vetting.evidence_of(session, verdict.run or ""):
        row = files.file(session, given.file) if given.file else None
        if row is None:
            listed.append({"what": given.key, "says": given.text})
            continue
        data = storage.get(row.id)
        name = f"{verdict.check}/{given.key}-{row.name}".replace("..", "_")
        archive.writestr(name, data)
        listed.append({"what": given.key, "file": name, "sha256": sha256(data).hexdigest()})
    return {
        "check": verdict.check, "compared": verdict.compared, "source": verdict.source, "decided_by": verdict.by_name,
        "decided_at": iso(verdict.at), "good_until": iso(verdict.expires) if verdict.expires else None,
        "handed_in": listed,
    }  # fmt: skip
