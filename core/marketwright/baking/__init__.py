"""Baking folders from templates: a marketplace, a plugin, a theme. Offline, whole or not at all."""
