"""Rehearsal: one deal of each process, played by the real services in a scratch database, as one document."""
