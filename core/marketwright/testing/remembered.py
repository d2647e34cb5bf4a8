"""What many tests begin with, made once a run: the database and folder behind it are copied, and laid out again."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast
from zlib import crc32

from sqlalchemy.engine import make_url

from marketwright.kernel.frozen import dataclass
from marketwright.web.house import House

T = TypeVar("T")
_HOUSE = object()  # stands in what is kept where the house of a test stands


@dataclass(frozen=True, slots=True)
class Kept:
    """A database, its mark before anything was made, the folder of its marketplace, and what the maker gave."""

    before: int
    database: Path
    folder: Path
    made: Any


_SHELF = TemporaryDirectory(prefix="remembered-", ignore_cleanup_errors=True)
_KEPT: dict[tuple[str, str], Kept] = {}


def remembered(house: House, make: Callable[[House], T]) -> T:
    """``make(house)``, or what it gave and wrote for an equal marketplace before, as if it had just been written.

    ``make`` depends on its house alone. Each caller has a copy of its own to change. Where something else stands in
    the database already it is made anew, and on PostgreSQL, where a copy takes longer.
    """
    url = make_url(house.database.url)
    if url.get_backend_name() != "sqlite":
        return make(house)
    file, folder = Path(str(url.database)), house.marketplace.folder
    plain = replace(house.marketplace, folder=Path(), database_url="")
    key = (f"{make.__module__}.{make.__qualname__}", f"{plain!r} {sorted(house.modules or ())}")
    house.database.dispose()
    before = crc32(file.read_bytes())
    if key in _KEPT:
        kept = _KEPT[key]
        if kept.before != before:
            return make(house)
        file.unlink()  # who has it open still, keeps the old one
        shutil.copyfile(kept.database, file)
        shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
        return cast("T", deepcopy(kept.made, {id(_HOUSE): house}))
    made = make(house)
    house.database.dispose()
    place = Path(_SHELF.name) / str(len(_KEPT))
    shutil.copytree(folder, place / "folder")
    shutil.copyfile(file, place / "kept.sqlite")
    _KEPT[key] = Kept(before, place / "kept.sqlite", place / "folder", deepcopy(made, {id(house): _HOUSE}))
    return made
