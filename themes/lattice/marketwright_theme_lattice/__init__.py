"""Lattice: a field of dots that falls into order; airy, round, blue. A child of Bastion, for data people."""
