"""Services: packaged offers on a profile, with price, delivery time and options, bought without a mission."""
