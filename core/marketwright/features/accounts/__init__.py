"""People, their sessions, the organisations they belong to, legal identities and staff roles."""
