"""Search, ranking both ways with reasons, people put on a list by hand, shortlists and comparison."""
