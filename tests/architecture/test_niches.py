"""Core knows no niche: no word of a trade, and no name that a niche pack gave a field, stands under core/."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "marketwright"
READ = (".py", ".html", ".txt", ".po", ".toml", ".js", ".css", ".json")
# What people of the trade say, in both languages; each is looked for as it stands, in any case.
TRADES = {
    "cybersecurity": (
        "cybersec", "pentest", "penetration test", "red team", "red_team", "intrusion", "vulnerabilit", "vulnérabilit",
        "cvss", "oscp", "passi", "authorisation to test", "rules of engagement", "clearance", "habilitation",
        "incident response", "malware",
    ),
    "data": ("data pipeline", "data warehouse", "training set", "data engineer", "jeu de données", "pandas"),
    "ai": ("machine learning", "neural", "hugging face", "llm", "training data", "données d’entraînement", "ai act"),
}  # fmt: skip
EVERYDAY = {"personal_data", "environment"}  # what core says of other things
PLAIN = {"passi": r"\bPASSI\b", "llm": r"\bLLMs?\b"}  # short ones are words alone


def _packs():
    for folder in sorted((ROOT / "plugins").glob("*/marketwright_*")):
        module = importlib.import_module(folder.name)
        if module.manifest.niche:
            yield module


def texts():
    for file in sorted(CORE.rglob("*")):
        if file.suffix in READ and file.name != "common_passwords.txt":
            yield file.relative_to(ROOT), file.read_text("utf-8")


TEXTS = list(texts())


@pytest.mark.parametrize("trade", TRADES)
def test_no_word_of_a_trade_stands_in_core(trade):
    for word in TRADES[trade]:
        pattern = re.compile(PLAIN[word]) if word in PLAIN else re.compile(re.escape(word), re.IGNORECASE)
        found = [str(where) for where, text in TEXTS if pattern.search(text)]
        assert not found, f"{word!r} stands in {found}"


def names_of(module):
    """What a niche pack calls its fields, conditions and deliverables, where a name is more than an everyday word."""
    fields = list(getattr(module, "register_fields", lambda _: ())({}))
    for condition in getattr(module, "register_conditions", lambda _: ())({}):
        yield condition.name
        fields += condition.fields
    for deliverable in getattr(module, "register_deliverables", lambda _: ())({}):
        yield deliverable.name
        fields += [*deliverable.agreed, *deliverable.handed]
    yield from (f.name for f in fields if f.name not in EVERYDAY and ("_" in f.name or len(f.name) > 9))


@pytest.mark.parametrize("module", list(_packs()), ids=lambda m: m.manifest.name)
def test_no_name_of_a_niches_field_condition_or_deliverable_stands_in_core(module):
    for name in names_of(module):
        found = [str(where) for where, text in TEXTS if f'"{name}"' in text or f"'{name}'" in text]
        assert not found, f"{name!r} of {module.manifest.name} stands in {found}"
