"""Imports every room's tables, so that the metadata and the triggers are whole."""

from importlib import import_module
from importlib.util import find_spec

from marketwright.rooms import FEATURES
from marketwright.store import tables as _store_tables  # noqa: F401

for _room in FEATURES:
    if find_spec(f"marketwright.features.{_room}") and find_spec(f"marketwright.features.{_room}.tables"):
        import_module(f"marketwright.features.{_room}.tables")
