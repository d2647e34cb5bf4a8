"""Premium plans: named entitlements for a price, period by period, billed by the marketplace."""
