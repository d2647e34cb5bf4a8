"""French is complete: every message that the code can show stands in a catalogue beside it."""

import importlib
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from marshmallow import fields as ma

from marketwright.kernel.terms import faults
from marketwright.web.vocabulary import vocabulary

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "marketwright"
KEYWORDS = {
    "_": None, "gettext": None, "N_": None, "say": None, "ngettext": (1, 2), "Conflict": None, "NotAllowed": None,
    "NotFound": None, "Unavailable": None, "Waits": None, "InvalidInput": None, "MarketwrightError": None,
}  # fmt: skip
OPTIONS = {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.i18n,jinja2.ext.do"}


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """(message, where) of every Python file and template below ``folder``."""
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".py":
            method = "python"
        elif file.suffix in (".html", ".txt") and "templates" in file.parts:
            method = "jinja2.ext:babel_extract"
        else:
            continue
        options = OPTIONS if method != "python" else {}
        found = extract(method, BytesIO(file.read_bytes()), keywords=KEYWORDS, options=options)
        lines = file.read_text("utf-8").splitlines()
        for line, message, _comments, _context in found:
            first = message[0] if isinstance(message, tuple) else message
            names_a_field = re.fullmatch(r"[a-z_]+", first or "") and "InvalidInput(" in lines[line - 1]
            if first and not names_a_field:
                yield first, f"{file.relative_to(ROOT)}:{line}"


def translated(folders: list[Path]) -> set[str]:
    known: set[str] = set()
    for folder in folders:
        for file in folder.rglob("fr.po"):
            with file.open("rb") as stream:
                for message in read_po(stream, locale="fr"):
                    strings = message.string if isinstance(message.string, tuple) else (message.string,)
                    if message.id and all(strings) and not message.fuzzy:
                        known.add(message.id[0] if isinstance(message.id, tuple) else message.id)
    return known


PACKAGES = {
    "core": CORE,
    **{p.parent.name: p for p in sorted((ROOT / "plugins").glob("*/marketwright_*"))},
    **{p.parent.name: p for p in sorted((ROOT / "themes").glob("*/marketwright_theme_*"))},
}
SPOKEN_TO_OPERATORS = ("core/marketwright/cli/", "core/marketwright/testing/", "core/marketwright/settings/",
                       "core/marketwright/hooks/", "core/marketwright/theming/",
                       "core/marketwright/store/migrate.py")  # fmt: skip


@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_has_its_french(package):
    known = translated([CORE, PACKAGES[package]])
    missing = {
        message: where
        for message, where in messages(PACKAGES[package])
        if message not in known and not where.startswith(SPOKEN_TO_OPERATORS)
    }
    listed = sorted(f"{where}: {message}" for message, where in missing.items())
    assert not listed, "\n".join(listed)


def test_no_translation_loses_a_placeholder():
    broken = []
    for package in PACKAGES.values():
        for file in package.rglob("fr.po"):
            with file.open("rb") as stream:
                for message in read_po(stream, locale="fr"):
                    ids = message.id if isinstance(message.id, tuple) else (message.id,)
                    strings = message.string if isinstance(message.string, tuple) else (message.string,)
                    wanted = set(re.findall(r"%\((\w+)\)", ids[-1]))
                    if message.id and any(set(re.findall(r"%\((\w+)\)", s)) - wanted for s in strings):
                        broken.append(f"{file.relative_to(ROOT)}: {ids[0]}")
    assert not broken, "\n".join(broken)


def test_every_term_of_a_translation_is_a_word_of_the_vocabulary():
    words = vocabulary([CORE / "web" / "vocabulary"], ["fr"])["fr"]
    unknown = []
    for package in PACKAGES.values():
        for file in package.rglob("fr.po"):
            with file.open("rb") as stream:
                for message in read_po(stream, locale="fr"):
                    strings = message.string if isinstance(message.string, tuple) else (message.string,)
                    unknown += [f"{file.relative_to(ROOT)}: {ref}" for s in strings for ref in faults(str(s), words)]
    assert not unknown, "\n".join(unknown)


def said_by(one: ma.Field) -> Iterator[str]:
    """Label and help of a setting, and of those inside it."""
    yield from (str(one.metadata[key]) for key in ("label", "description") if one.metadata.get(key))
    inner = one.inner if isinstance(one, ma.List) else one.value_field if isinstance(one, ma.Dict) else None
    if inner is not None:
        yield from said_by(inner)
    if isinstance(one, ma.Nested):
        for part in one.schema.fields.values():
            yield from said_by(part)


@pytest.mark.parametrize("plugin", sorted(p.name for p in (ROOT / "plugins").iterdir() if p.is_dir()))
def test_what_the_console_says_of_a_plugin_has_its_french(plugin):
    package = ROOT / "plugins" / plugin / f"marketwright_{plugin}"
    manifest = importlib.import_module(package.name).manifest
    settings = manifest.settings().fields.values() if manifest.settings else ()
    shown = {manifest.summary, *(text for one in settings for text in said_by(one))}
    assert not sorted(shown - translated([CORE, package]))


@pytest.mark.parametrize("plugin", sorted(p.name for p in (ROOT / "plugins").iterdir() if p.is_dir()))
def test_every_setting_of_a_plugin_has_a_label(plugin):
    manifest = importlib.import_module(f"marketwright_{plugin}").manifest
    settings = manifest.settings().fields if manifest.settings else {}
    assert [name for name, one in settings.items() if not one.metadata.get("label")] == []


def test_no_message_reads_in_two_ways():
    """One catalogue is made of all: of two translations of a message the last one read would win everywhere."""
    said: dict[str, dict[str, str]] = {}
    for file in sorted([*ROOT.glob("core/**/fr.po"), *ROOT.glob("plugins/*/*/translations/fr.po")]):
        with file.open("rb") as stream:
            for message in read_po(stream, locale="fr"):
                if message.id:
                    said.setdefault(str(message.id), {})[str(file.relative_to(ROOT))] = str(message.string)
    wrong = {one: found for one, found in said.items() if len(set(found.values())) > 1}
    assert not wrong, "say it in one way, or say something else in English:\n" + "\n".join(map(str, wrong.items()))
