"""A theme for marketwright: tokens, a sign, and the blocks of pages that differ."""
