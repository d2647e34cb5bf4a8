"""Sealed things: encrypted at rest, each reading recorded, deleted on their date, their fingerprint kept."""
