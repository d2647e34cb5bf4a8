"""The one way in for outside services, payment and vetting alike: signed, stored, then answered, handed on once."""
