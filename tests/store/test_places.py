"""Where a database file may lie."""

from pathlib import Path

import pytest

from marketwright.kernel.errors import BadSetting
from marketwright.store import places

MOUNTS = r"""
/dev/vda / ext4 rw 0 0
server:/exported /srv/my\040site nfs4 rw 0 0
/dev/vdb /srv/my\040site/disk ext4 rw 0 0
"""


@pytest.mark.parametrize(("file", "kind"), [
    ("/srv/my site/var/site.sqlite", "nfs4"), ("/srv/my site/disk/site.sqlite", "ext4"),
    ("/srv/my site-two/site.sqlite", "ext4"),
])  # fmt: skip
def test_the_innermost_folder_that_is_mounted_counts(file, kind):
    assert places.kind_of(Path(file), MOUNTS) == kind


def test_e10_a_file_in_a_folder_of_the_network_is_refused_with_the_way_out(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/exported {tmp_path.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(places, "_MOUNTS", mounts)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(BadSetting, match=r"nfs4.*PostgreSQL"):
        places.refuse_shared_folder(f"sqlite:///{tmp_path}/site.sqlite")
    places.refuse_shared_folder("postgresql+psycopg://server/site")
