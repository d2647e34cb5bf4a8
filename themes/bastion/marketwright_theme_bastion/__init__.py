"""Bastion: an engineer's plan, green ink, sharp corners, hairlines. Made for a marketplace of security experts."""
