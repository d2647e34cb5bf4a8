"""What every embedder holds: one finite vector a text, the same for the same text, whoever else is asked about."""

from typing import Any

import numpy as np

from marketwright.strategies.embedders import Embedder
from marketwright.testing.kits.frame import StrategyKit

TEXTS = ("A look at a hospital's network", "Réseaux hospitaliers", "", "Ships, harbours and cranes. " * 200)


class EmbedderConformance(StrategyKit):
    """For a subclass of ``Embedder``: ``strategy = MyEmbedder`` and ``settings = {...}``."""

    hook = "register_embedders"

    def test_it_names_model_version_and_length(self, it: Embedder) -> None:
        """Vectors are kept under these: another model never passes for this one."""
        assert it.name.strip(), "it has no name"
        assert it.version.strip(), "it has no version"
        assert 1 <= it.dimensions <= 4096, f"dimensions is {it.dimensions}; from 1 to 4096"

    def test_each_text_gets_a_finite_vector(self, it: Embedder) -> None:
        """An empty text and a long one too."""
        found = np.asarray(it.embed(TEXTS))
        assert found.shape == (len(TEXTS), it.dimensions), f"embed gave shape {found.shape}"
        assert np.isfinite(found).all(), "embed gave what is not a number"

    def test_nothing_asked_nothing_given(self, it: Embedder) -> None:
        """No text, no vector."""
        assert np.asarray(it.embed([])).shape == (0, it.dimensions)

    def test_the_same_text_gives_the_same_vector(self, it: Embedder, build: Any) -> None:
        """Asked again, of another instance, and beside other texts."""
        first = np.asarray(it.embed(TEXTS))
        assert np.allclose(first, np.asarray(build().embed(TEXTS)), atol=1e-5), "asked again it answers otherwise"
        alone = np.asarray(it.embed(TEXTS[1:2]))[0]
        assert np.allclose(first[1], alone, atol=1e-5), "a text gets another vector alone than beside others"
