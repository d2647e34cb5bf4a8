"""Themes: layers of templates and static files, tokens, slots."""
