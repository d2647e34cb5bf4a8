"""Names of files as people may safely see and save them."""

import re
import unicodedata

LONGEST = 120
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_ENDING = re.compile(r"^[a-z][a-z0-9]{0,4}$", re.IGNORECASE)  # another type's: the content says otherwise
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')


def clean_name(name: str, extensions: tuple[str, ...]) -> str:
    """``name`` without folders, invisible or reserved parts, ending in one of ``extensions`` (the first is given)."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    seen = _FORBIDDEN.sub("_", " ".join(seen.split())).strip(". ")
    if _RESERVED.match(seen):
        seen = f"_{seen}"
    stem, dot, ending = seen.rpartition(".")
    if not dot or ending.lower() not in extensions:
        stem, ending = stem if dot and _ENDING.match(ending) else seen, extensions[0]
    stem = stem.strip(". ")[: LONGEST - len(ending) - 1] or "file"
    return f"{stem}.{ending.lower()}"

