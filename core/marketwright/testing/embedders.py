"""An embedder without a model, for tests: the words of a text, hashed. Near are texts that share words."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from marketwright.kernel.words import stems
from marketwright.strategies.embedders import Embedder


class WordsEmbedder(Embedder):
    """Deterministic: each word adds 1 at a place of its own. ``seen`` are the texts that it was asked about."""

    name, version, dimensions = "words", "1", 128

    def __init__(self, settings: Any = None, desk: Any = None) -> None:
        super().__init__(settings or {}, desk)
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> Any:
        """The count of words by place."""
        found = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            self.seen.append(text)
            for word in stems(text):
                found[row, int.from_bytes(blake2b(word.encode(), digest_size=2).digest(), "big") % self.dimensions] += 1
        return found
