"""Client money at a payment provider: holds, what is asked of the provider, and what it reports.

Reserve before pay: a command row is committed with the hold's new state before anything is asked, and what the
provider says is applied once, whatever its way in.
"""
