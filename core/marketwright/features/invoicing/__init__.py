"""Bills for deals whose money is never held: numbered without a gap, due on a day, paid or not."""
