"""Offers what is installed, where marketwright is installed beside cookiecutter; else what the template knows."""

from pathlib import Path

try:
    from marketwright.baking.hooks import offer
except ImportError:
    pass
else:
    offer(Path.cwd())
