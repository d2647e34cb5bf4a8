"""Proposals: a priced offer in rounds, with what changed between them, until it is accepted, declined or expired."""
