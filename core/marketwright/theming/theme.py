"""A theme: ``theme.toml``, ``tokens.json``, ``templates/`` and ``static/`` in an installed package or a folder."""

import json
import re
import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.packages import offered

GROUP = "marketwright.themes"
_TOKEN = re.compile(r"^[a-z0-9-]+$")
_VALUE = re.compile(r"^[^;{}<>@\\]{1,300}$")
_DECLARED = re.compile(r"--mw-([a-z0-9-]+)\s*:")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its folder, parent's name ('' for none) and tokens (names without ``--mw-``)."""

    name: str
    folder: Path
    parent: str
    tokens: Mapping[str, str]
    font_family: str = ""
    font_file: str = ""
    font_weight: str = "400"


def theme_folder(name: str) -> Path:
    """The folder of the theme ``name``, lent or installed; ``BadSetting`` when there is none."""
    return _LENT[name] if name in _LENT else _folder(name, _packages())


def _packages() -> dict[str, str]:
    """The packages of the installed themes by name: one look into every installed distribution."""
    return {p.name: p.value for p in offered(GROUP)}


def _folder(name: str, packages: Mapping[str, str]) -> Path:
    spec = find_spec(packages[name]) if name in packages else None
    if spec is None or not spec.submodule_search_locations:
        raise BadSetting(f"no theme named {name!r} is installed.", where="marketplace.toml: marketplace.theme",
                         fix=f"Installed are: {', '.join(sorted(packages)) or 'none'}.")  # fmt: skip
    return Path(next(iter(spec.submodule_search_locations)))


def made_for(name: str) -> str:
    """The niche pack that the theme ``name`` was made for, '' for none."""
    return str(_toml(theme_folder(name) / "theme.toml").get("niche", ""))


_LENT: dict[str, Path] = {}


def lend(folder: Path) -> str:
    """Make the theme in ``folder`` known in this process by the name in its theme.toml, and return that name.

    For what shows or tests a theme that is not installed.
    """
    name = str(_toml(folder / "theme.toml").get("name", folder.name))
    _LENT[name] = folder.absolute()
    return name


def read_theme(folder: Path, known_tokens: frozenset[str]) -> Theme:
    """The theme in ``folder``; an unknown token or a value that could leave its declaration is refused."""
    about = _toml(folder / "theme.toml")
    font = about.get("display_font", {})
    return Theme(
        name=str(about.get("name", folder.name)), folder=folder, parent=str(about.get("parent", "")),
        tokens=read_tokens(folder / "tokens.json", known_tokens), font_family=_plain(font.get("family", "")),
        font_file=_plain(font.get("file", "")), font_weight=_plain(font.get("weight", "400")),
    )  # fmt: skip


def read_tokens(file: Path, known_tokens: frozenset[str] | None = None) -> dict[str, str]:
    """The tokens in ``file`` (none when there is no such file), each checked."""
    tokens = _json(file) if file.exists() else {}
    for name, value in tokens.items():
        if not _TOKEN.match(name) or (known_tokens is not None and name not in known_tokens):
            raise BadSetting(f"there is no token {name!r}.", where=str(file), fix="docs/themes.md lists all tokens.")
        if not _VALUE.match(str(value)):
            raise BadSetting(f"the value of {name!r} is not a plain CSS value.", where=str(file))
    return {k: str(v) for k, v in tokens.items()}


def _json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise BadSetting(f"byte {error.start} is not UTF-8.", where=str(file)) from error
    except json.JSONDecodeError as error:
        raise BadSetting(f"not valid JSON, line {error.lineno}: {error.msg}.", where=str(file)) from error
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise BadSetting("it is no table of texts.", where=str(file), fix='As {"brand": "#2f5d8a"}.')
    return found


def _plain(text: object) -> str:
    return re.sub(r"[^A-Za-z0-9 ._-]", "", str(text))


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BadSetting("the theme has no theme.toml.", where=str(file)) from None
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"not valid TOML: {error}.", where=str(file)) from error


def declared_tokens(stylesheet: Path) -> frozenset[str]:
    """All token names that core's ``tokens.css`` declares, without ``--mw-``."""
    return frozenset(_DECLARED.findall(stylesheet.read_text("utf-8")))


def chain(name: str, known_tokens: frozenset[str]) -> tuple[Theme, ...]:
    """The theme ``name`` and its parents, nearest first; a loop is refused."""
    found: list[Theme] = []
    while name:
        if name in {t.name for t in found}:
            raise BadSetting(f"the theme {name!r} is its own ancestor.", where="theme.toml: parent")
        theme = read_theme(theme_folder(name), known_tokens)
        found.append(theme)
        name = theme.parent
    return tuple(found)


def installed_themes(known_tokens: frozenset[str]) -> dict[str, Theme]:
    """Every installed theme that can be read, by name."""
    found = {}
    packages = _packages()
    for name in packages:
        try:
            found[name] = read_theme(_LENT.get(name) or _folder(name, packages), known_tokens)
        except BadSetting:
            continue  # `theme check` names what is wrong with it; a theme that nobody wears stops nobody
    return found


def fonts_of(themes: Mapping[str, Theme]) -> dict[str, Theme]:
    """The heading fonts that ``themes`` bring, by family."""
    return {theme.font_family: theme for theme in themes.values() if theme.font_family and theme.font_file}


def face(theme: Theme) -> str:
    """The ``@font-face`` of the theme's heading font, '' where it brings none."""
    if not theme.font_file:
        return ""
    return (
        f'@font-face {{ font-family: "{theme.font_family}"; src: url("/theme/{theme.name}/{theme.font_file}") '
        f'format("woff2"); font-weight: {theme.font_weight}; font-display: swap; }}\n'
    )
