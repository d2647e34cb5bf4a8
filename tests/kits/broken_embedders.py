"""Embedders, each broken on purpose in one way, and one that is not."""

from itertools import count

import numpy as np

from marketwright.testing import EmbedderConformance, WordsEmbedder


class TestFair(EmbedderConformance):
    strategy = WordsEmbedder


class Nameless(WordsEmbedder):
    """Nobody could tell its vectors from another's."""

    version = ""


class TestNameless(EmbedderConformance):
    strategy = Nameless
    caught_by = "test_it_names_model_version_and_length"


class Empty(WordsEmbedder):
    """It divides by the number of words."""

    def embed(self, texts):
        found = super().embed(texts)
        with np.errstate(all="ignore"):
            return found / found.sum(axis=1, keepdims=True)


class TestEmpty(EmbedderConformance):
    strategy = Empty
    caught_by = "test_each_text_gets_a_finite_vector"


class Eager(WordsEmbedder):
    """It always gives something."""

    def embed(self, texts):
        return super().embed(texts or ["nothing"])


class TestEager(EmbedderConformance):
    strategy = Eager
    caught_by = "test_nothing_asked_nothing_given"


class Moody(WordsEmbedder):
    """It counts how often it was asked."""

    asked = count()

    def embed(self, texts):
        return super().embed(texts) + next(self.asked)


class TestMoody(EmbedderConformance):
    strategy = Moody
    caught_by = "test_the_same_text_gives_the_same_vector"


class NoName(WordsEmbedder):
    """Nameless."""

    name = ""


class TestNoName(EmbedderConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(WordsEmbedder):
    pass


class TestUndescribed(EmbedderConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"
