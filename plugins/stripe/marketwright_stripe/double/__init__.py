"""A double of Stripe's API: a process of its own with a durable log, for drills and tests. It is the referee.

It refuses what Stripe refuses: unknown parameters (checked against the types of the installed ``stripe`` package), a
key used again for something else, more money than there is. ``python -m marketwright_stripe.double --help``.
"""
