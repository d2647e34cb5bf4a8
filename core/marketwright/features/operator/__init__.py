"""The console: what the staff of a marketplace sees and decides."""
