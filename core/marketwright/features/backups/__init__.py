"""Backups: one file with database, uploads, plugin folders and the ledger's head; and the way back."""
