"""Bringing a backup back: read all of it, unpack it beside, verify it, and only then put it in place.

What is put in place last is the database, in one commit: before it the old site stands untouched, after it the new
one does, and what is left to move (the plugins' folders, the ledger's head) is moved by whoever comes next.
"""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import insert, select, text

from marketwright.features.backups.archive import Archive, Manifest, open_archive
from marketwright.features.backups.placing import Placing, finish_interrupted, sweep
from marketwright.features.backups.scratch import fill, scratch_database
from marketwright.features.backups.tables import Restoration
from marketwright.features.contracts import verify as contracts
from marketwright.features.contracts.log import verify_log
from marketwright.features.files.folder import FolderStorage
from marketwright.features.files.ports import Storage
from marketwright.features.files.tables import StoredFile
from marketwright.features.ledger import verify as ledger
from marketwright.features.ledger.sealer import Anchor, seal_all
from marketwright.features.ledger.verify import Finding
from marketwright.features.payments import verify as payments
from marketwright.features.seals.rotating import shut
from marketwright.kernel.actors import system
from marketwright.kernel.errors import InvalidInput, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.settings.marketplace import Marketplace
from marketwright.store import migrate
from marketwright.store.database import Database
from marketwright.store.identity import begin
from marketwright.store.presence import alone
from marketwright.store.ring import Ring
from marketwright.web.house import House

SPARE = 1.2  # of what a backup takes unpacked, for the copies made meanwhile


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a backup: ``findings`` are those of ``ledger verify``.

    ``shut`` is how many sealed things do not open with the keys of this machine, by their key's fingerprint.
    """

    id: str
    manifest: Manifest
    findings: tuple[Finding, ...]
    head: str
    aside: Path | None = None
    shut: Mapping[str, int] = field(default_factory=dict)

    @property
    def grave(self) -> tuple[Finding, ...]:
        """Broken rules."""
        return tuple(f for f in self.findings if f.grave)


def verify_all(database: Database, folder: Path, now: datetime) -> list[Finding]:
    """Every finding of every room that keeps money, contracts or their log; ``folder`` holds the anchor."""
    with database.reading() as session:
        found = [*ledger.verify(session, folder=folder, now=now), *payments.verify(session, now=now)]
        found += contracts.verify(session)
        return found + [Finding("C2", "transition_log", line) for line in verify_log(session)]


def rehearse(house: House, file: Path, *, by: str) -> Report:
    """Restore ``file`` into a scratch place, verify it there, and write down that it was done."""
    with _unpacked(house, file, "rehearsing") as (report, archive, database, scratch):
        _check_uploads(archive, database, FolderStorage(scratch / "files"))
        archive.unpack_plugins(scratch / "plugins")
    with house.database.unit(system("restore")) as uow:
        uow.session.execute(insert(Restoration).values(_record(report, "rehearsal", file, by)))
        uow.audit("backup.rehearsed", report.id, file=file.name, findings=len(report.grave))
        uow.commit()
    return report


def refuse_unfit(marketplace: Marketplace, file: Path) -> None:
    """Raise ``InvalidInput`` where ``file`` is no whole backup of this marketplace at this stage; touches nothing."""
    with open_archive(file) as archive:
        _refuse_foreign(marketplace, file, archive.manifest)


def restore(house: House, file: Path, *, by: str, anyway: bool = False) -> Report:
    """Put what is in ``file`` in the place of the site, all or nothing; what was there is kept aside.

    ``Conflict`` while the site runs. A backup whose ledger breaks a rule is refused, unless ``anyway``.
    """
    marketplace, storage = house.marketplace, house.ports.get(Storage)
    with alone(marketplace.var):
        finish_interrupted(marketplace)
        sweep(marketplace)
        with _unpacked(house, file, "restoring") as (report, archive, database, scratch):
            if report.grave and not anyway:
                raise InvalidInput({str(file): [
                    f"Its ledger breaks {len(report.grave)} rules; the first: {report.grave[0].rule}, "
                    f"{report.grave[0].row} {report.grave[0].says}. Nothing was changed."
                ]})  # fmt: skip
            _check_uploads(archive, database, storage)
            archive.unpack_plugins(scratch / "plugins")
            with database.unit(system("restore")) as uow:
                uow.session.execute(text("DELETE FROM index_changes"))  # numbers of transactions of another server
                uow.session.execute(insert(Restoration).values(_record(report, "restore", file, by)))
                uow.audit("backup.restored", report.id, file=file.name, by=by)
                uow.commit()
            database.dispose()
            placing = Placing(marketplace, report.id, scratch)
            placing.place()
    return Report(report.id, report.manifest, report.findings, report.head, placing.aside, report.shut)


@contextmanager
def _unpacked(house: House, file: Path, what: str) -> Iterator[tuple[Report, Archive, Database, Path]]:
    """``file`` in a scratch database beside the site, sealed and verified; gone afterwards."""
    marketplace = house.marketplace
    with open_archive(file) as archive:
        _refuse_foreign(marketplace, file, archive.manifest)
        made = new_id()
        scratch = marketplace.var / f"{what}-{made.lower()}"
        _refuse_full(marketplace, archive)
        scratch.mkdir(parents=True)
        try:
            with scratch_database(marketplace.database_url, f"{what}_{made.lower()}", scratch) as database:
                fill(database, archive, house.plugins)
                begin(database, marketplace)
                if archive.manifest.anchor:
                    Anchor(scratch).file.write_text(archive.manifest.anchor, "utf-8")
                seal_all(database, scratch)
                found = verify_all(database, scratch, archive.manifest.made_at)
                head = Anchor(scratch).read()
                with database.reading() as session:
                    closed = shut(session, house.ports.get(Ring))
                report = Report(made, archive.manifest, tuple(found), head.hash if head else "", shut=closed)
                yield report, archive, database, scratch
        finally:
            if not (marketplace.var / Placing.JOURNAL).exists():
                shutil.rmtree(scratch, ignore_errors=True)


def _refuse_foreign(marketplace: Marketplace, file: Path, manifest: Manifest) -> None:
    wrong = ""
    if manifest.slug != marketplace.slug:
        wrong = f"It is a backup of the marketplace {manifest.slug!r}; this one is {marketplace.slug!r}."
    elif manifest.stage != marketplace.stage:
        wrong = (
            f"It was made at the stage {manifest.stage!r}; this is {str(marketplace.stage)!r}, and money never crosses "
            "stages."
        )
    elif not migrate.knows(manifest.revision):
        wrong = (
            f"Its schema {manifest.revision!r} is newer than this version of marketwright knows. Install marketwright "
            f"{manifest.version} or newer, then restore."
        )
    if wrong:
        raise InvalidInput({str(file): [f"{wrong} Nothing was changed."]})


def _refuse_full(marketplace: Marketplace, archive: Archive) -> None:
    marketplace.var.mkdir(parents=True, exist_ok=True)
    free, needed = shutil.disk_usage(marketplace.var).free, int(archive.unpacked * SPARE)
    if free < needed:
        raise Unavailable(
            "Restoring needs %(needed)s MB of free space and there are %(free)s. Nothing was changed.",
            needed=needed // 10**6 + 1, free=free // 10**6,
        )  # fmt: skip


def _check_uploads(archive: Archive, database: Database, storage: Storage) -> None:
    """Put every upload into ``storage``. Those of the site keep their names: an id is never used for other bytes."""
    with database.reading() as session:
        rows = session.execute(
            select(StoredFile.id, StoredFile.sha256).where(StoredFile.removed_at.is_(None)).order_by(StoredFile.id)
        ).all()
    for id_, digest in rows:
        if id_ in archive.manifest.lost:
            continue
        data = archive.upload(digest)
        if data is None or sha256(data).hexdigest() != digest:
            raise InvalidInput({"files": [f"The upload {id_} is not in the backup as it was stored. Nothing changed."]})
        if not _has(storage, id_, digest):
            storage.put(id_, data)


def _has(storage: Storage, id_: str, digest: str) -> bool:
    try:
        return sha256(storage.get(id_)).hexdigest() == digest
    except Unavailable:
        return False


def _record(report: Report, kind: str, file: Path, by: str) -> dict[str, object]:
    m = report.manifest
    return {
        "id": report.id, "kind": kind, "at": datetime.now(m.made_at.tzinfo), "by": by[:200], "file": file.name[:200],
        "made_at": m.made_at, "rows": m.rows, "files": m.files, "sealed": m.sealed, "findings": len(report.grave),
    }  # fmt: skip
