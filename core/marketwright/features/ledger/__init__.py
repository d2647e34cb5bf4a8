"""Double entry, append only: the only place that says what is owed.

Sign: a leg above zero is a debit, below zero a credit. An account's balance is read on its normal side.
"""
