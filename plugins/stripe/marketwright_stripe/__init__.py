"""Stripe Connect as payment provider."""
