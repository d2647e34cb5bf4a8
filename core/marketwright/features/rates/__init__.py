"""Market rates: what a day costs, from signed contracts and declared rates, never of fewer than eight people."""
