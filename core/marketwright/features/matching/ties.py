"""The rule of ties: by a digest of both ids, the same for the same pair, in no one's favour over all. Pure."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from marketwright.strategies.matching import Array


def tie_keys(subject: str, ids: Array) -> Array:
    """A digest of ``subject`` and each of ``ids`` (bytes of one width): who has the smaller one comes first."""
    return tie_mixed(np.repeat(seeds([subject]), len(ids)), ids)


def seeds(subjects: Sequence[str]) -> Array:
    """What the digests for each of ``subjects`` begin with."""
    return np.array([int.from_bytes(blake2b(s.encode(), digest_size=8).digest(), "big") for s in subjects],
                    dtype=np.uint64)  # fmt: skip


def tie_mixed(keys: Array, ids: Array) -> Array:
    """The digest of each pair: of what a subject's begins with, and of one of ``ids``."""
    wide = -(-max(ids.dtype.itemsize, 1) // 8) * 8
    words = ids.astype(f"S{wide}").view(np.uint64).reshape(len(ids), wide // 8)
    for k in range(words.shape[1]):
        word = words[:, k]
        mixed = keys ^ word
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        keys = np.where(word > 0, mixed, keys) if k else mixed  # the width of the array says nothing about an id
    return keys
