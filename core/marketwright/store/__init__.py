"""Engines, unit of work, declarative base, migrations, and the rows of jobs, events and audit."""
