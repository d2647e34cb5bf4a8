"""The marks of pluggy for this project."""

import pluggy

PROJECT = "marketwright"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
