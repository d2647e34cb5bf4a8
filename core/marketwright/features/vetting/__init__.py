"""Vetting: checks of freelancers, clients and missions, the verdicts they end in, and the gates that ask for them."""
