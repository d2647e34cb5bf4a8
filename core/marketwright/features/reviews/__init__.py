"""Reviews: both sides write after released work, and neither reads the other's first."""
