"""Where a database file may lie: on a disk of this machine, never in a folder that several machines share.

SQLite's writers agree by locks and by shared memory, and neither reaches from one machine to another: two instances on
such a file each take themselves for the only one, and overwrite what the other has written.
"""

import sys
from pathlib import Path

from sqlalchemy.engine import make_url

from marketwright.kernel.errors import BadSetting

_SHARED = (
    "nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "gfs2", "ocfs2", "beegfs",
    "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone",
)  # fmt: skip
_MOUNTS = Path("/proc/self/mounts")


def refuse_shared_folder(url: str) -> None:
    """Stop on a SQLite file in a folder of the network; where a system does not say what is mounted, go on."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:") or sys.platform != "linux":
        return
    try:
        mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        return
    kind = kind_of(Path(str(parsed.database)).resolve(), mounts)
    if kind in _SHARED:
        raise BadSetting(
            f"{parsed.database} lies in a folder of the network ({kind}), where two machines could write at once.",
            where="database",
            fix="Move the file to a disk of this machine, or use PostgreSQL: set marketplace.database (or "
                "MARKETWRIGHT_DATABASE_URL).",
        )  # fmt: skip


def kind_of(file: Path, mounts: str) -> str:
    """The file system that ``file`` lies in, by the lines of ``mounts`` (as in /proc/mounts); '' if none says it."""
    found = ("", "")
    for line in mounts.splitlines():
        _device, place, kind, *_rest = [*line.split(" "), "", "", ""]
        place = place.replace("\\040", " ")
        if file.is_relative_to(place or "-") and len(place) >= len(found[0]):
            found = (place, kind)
    return found[1]
