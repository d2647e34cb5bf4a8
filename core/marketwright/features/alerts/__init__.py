"""Alerts: saved searches and new matches, told by mail and in the inbox, each match once."""
