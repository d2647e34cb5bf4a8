"""Notifications: what the marketplace tells people, as notices on the site and as mail."""
