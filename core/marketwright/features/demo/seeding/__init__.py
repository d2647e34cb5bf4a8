"""Filling a demo marketplace from the ``demo/`` folder of its niche plugin, through the rooms' own services."""
