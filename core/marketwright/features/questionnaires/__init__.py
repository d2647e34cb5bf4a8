"""Questionnaires of plugins about a mission: asked, concluded, kept, and answered again."""
