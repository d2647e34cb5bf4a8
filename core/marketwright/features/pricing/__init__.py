"""Fee truth: what the client pays, what the freelancer receives, every line and the rule that made it."""
