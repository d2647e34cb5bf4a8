"""Money, time, ids, errors, events, ports: the standard library only, no input and no output."""
