"""Conformance kits: one class a strategy, and one for any plugin. Subclass, name the class, give its settings."""
