"""The niche's own fields: a declaration yields form, validation, what is shown, and rows to search by."""
