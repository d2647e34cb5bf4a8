"""The drill of payments: a scratch marketplace as real processes, a provider's double beside it, and what is tried.

``marketwright drill money`` is its command. Nothing of it knows a vendor: a double is a program that speaks the
protocol of ``docs/payment-doubles.md``.
"""
