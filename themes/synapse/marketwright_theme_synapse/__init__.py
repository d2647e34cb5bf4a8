"""Synapse: a journal in serif on true greys, one loud signal. Made for a marketplace of AI researchers and engineers."""
