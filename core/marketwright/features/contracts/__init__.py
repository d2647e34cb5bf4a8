"""Contracts: the course of a deal as data, its documents and signatures, and each milestone's way to the money."""
