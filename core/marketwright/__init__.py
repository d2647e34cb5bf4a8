"""marketwright: niche marketplaces of freelance experts, assembled from plugins and a theme.

Names resolve lazily (PEP 562): importing ``marketwright.kernel`` loads no Flask.
"""

from typing import TYPE_CHECKING, Any

from marketwright.version import __version__

if TYPE_CHECKING:
    from marketwright.app import create_app
    from marketwright.hooks.marker import hookimpl

__all__ = ["__version__", "create_app", "hookimpl"]

_HOMES = {"create_app": "marketwright.app", "hookimpl": "marketwright.hooks.marker"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        msg = f"module 'marketwright' has no attribute {name!r}"
        raise AttributeError(msg)
    import gc
    from importlib import import_module

    was_on = gc.isenabled()
    gc.disable()  # what is imported now stays: looking for garbage in it meanwhile is a seventh of the time of a start
    try:
        module = import_module(_HOMES[name])
    finally:
        if was_on:
            gc.enable()
            gc.freeze()
    return getattr(module, name)
