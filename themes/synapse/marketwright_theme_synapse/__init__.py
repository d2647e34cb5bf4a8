"""Synapse: a journal in serif on true greys, one loud signal. For a marketplace of AI researchers."""
