"""What every matching criterion holds: scores from 0 to 1 over whole columns, the same in every direction, reasons."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from time import perf_counter
from typing import Any, ClassVar

import numpy as np

from marketwright.kernel.money import Money
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.fields import Field
from marketwright.strategies.matching import (
    COLUMNS,
    PAIR_COLUMNS,
    Array,
    Candidates,
    Columns,
    MatchingCriterion,
    Reason,
    banned_words,
)
from marketwright.testing.kits.candidates import (
    GAPS_M,
    GAPS_P,
    N,
    Watched,
    as_pairs,
    elsewhere,
    joined,
    missions_of_all_sorts,
    one_of,
    rows_of,
    some_candidates,
    turned,
    two_for,
)
from marketwright.testing.kits.frame import a_year_later, filled
from marketwright.testing.kits.gates import GateKit
from marketwright.testing.kits.own import drawn, fields_of

SHORT, LONG = 30, 600
MANY, PASSES = 100_000, 300
UNCOUNTED = ("must_years", "distance", "text_met", "semantic_met", "reach_met")  # of others a counter says


class MatchingCriterionConformance(GateKit):
    """For a subclass of ``MatchingCriterion``: ``strategy = MyCriterion`` and ``settings = {...}``.

    Fields of the plugin that are columns are drawn by the kit. A criterion over a field of another plugin, or of a
    marketplace, gives its columns in ``extra_people`` or ``extra_mission``: name to a float.
    """

    hook = "register_matching_criteria"
    extra_people: ClassVar[Mapping[str, float]] = {}
    extra_mission: ClassVar[Mapping[str, float]] = {}

    def candidates(self, n: int = N, *, seed: int = 7, known: float = 0.8) -> Candidates:
        """People for a mission, with the subclass's own columns."""
        c, fields = some_candidates(n, seed=seed, known=known), self.fields()
        m = drawn(fields, "mission", 1, seed + 5, 1.0 if known > 0.5 else 0.0)
        p = drawn(fields, "profile", n, seed + 6, known)
        return Candidates(_more(c.m, m, self.extra_mission, 1), _more(c.p, p, self.extra_people, n), c.pair)

    def fields(self) -> list[Field]:
        """The columns among the plugin's own fields."""
        return fields_of(self.module(), self.checked())

    def _own(self, owner: str) -> tuple[str, ...]:
        return tuple(drawn(self.fields(), owner, 1, 5, 1.0)[0])

    def _of_all_sorts(self, *known: float) -> Iterator[Candidates]:
        for share in known:
            yield from missions_of_all_sorts(self.candidates(known=share))

    def scores(self, it: MatchingCriterion, c: Candidates) -> Array:
        """Its scores, one for each candidate, as core takes them: ``unknown`` where a column it reads is missing."""
        n = max(len(next(iter(side.values()))) for side in (c.m, c.p, c.pair))
        with np.errstate(all="ignore"):
            found = np.broadcast_to(np.asarray(it.score(c)), (n,)).astype(np.float32)
        for name in it.reads:
            for side in (c.m, c.p, c.pair):
                if name in side:
                    found[np.broadcast_to(~side.known(name), (n,))] = it.unknown
        return found

    def test_its_label_and_what_it_compares_are_sentences_for_people(self, it: MatchingCriterion) -> None:
        """``label`` names it on the page; ``about`` is the sentence of the public page on ranking."""
        assert it.label.strip(), "it has no label"
        assert it.about.strip().endswith("."), "about is no sentence: say what is compared with what"

    def test_its_weight_and_its_unknown_are_shares(self, it: MatchingCriterion) -> None:
        """A weight is not negative, and what is unknown scores from 0 to 1."""
        assert it.weight >= 0, f"weight is {it.weight}"
        assert 0 <= it.unknown <= 1, f"unknown is {it.unknown}"

    def test_it_reads_columns_that_exist(self, it: MatchingCriterion) -> None:
        """Every name in ``reads`` is a column of core, of a field of the plugin, or of the kit's ``extra_*``."""
        there = {*COLUMNS, *PAIR_COLUMNS, *self.extra_people, *self.extra_mission}
        there |= {*self._own("mission"), *self._own("profile")}
        assert set(it.reads) <= there, f"reads names no column: {sorted(set(it.reads) - there)}"

    def test_it_scores_every_candidate_from_0_to_1(self, it: MatchingCriterion) -> None:
        """float of length n or 1; for whatever is known, partly known, or not known at all."""
        for c in self._of_all_sorts(0.0, 0.5, 1.0):
            with np.errstate(all="ignore"):
                raw = np.asarray(it.score(c))
            assert raw.shape in ((N,), (1,)), f"score gave shape {raw.shape} for {N} candidates"
            found = self.scores(it, c)
            assert found.min() >= 0, f"a score is {found.min()}"
            assert found.max() <= 1, f"a score is {found.max()}"

    def test_no_score_is_nonsense(self, it: MatchingCriterion) -> None:
        """No NaN and no infinity where every column it declares is known, and ``unknown`` covers the rest."""
        for c in self._of_all_sorts(0.0, 0.5, 1.0):
            assert np.isfinite(self.scores(it, c)).all(), "a score is not a number"

    def test_scores_and_gates_of_nobody_are_empty(self, it: MatchingCriterion) -> None:
        """A marketplace begins with no profile: nothing is raised, nothing is answered."""
        c = self.candidates(0)
        assert np.broadcast_to(np.asarray(it.score(c)), (0,)).shape == (0,)
        it.gate(c)

    def test_its_gate_answers_booleans_or_nothing(self, it: MatchingCriterion) -> None:
        """Booleans of length n or 1; ``None`` where it has no gate."""
        gate = it.gate(self.candidates())
        if gate is not None:
            assert np.asarray(gate).dtype == np.bool_, f"the gate gave {np.asarray(gate).dtype}, not booleans"
            assert np.asarray(gate).shape in ((N,), (1,)), f"the gate gave shape {np.asarray(gate).shape}"

    def test_the_same_candidates_give_the_same_scores(
        self, it: MatchingCriterion, build: Any, clock: FrozenClock
    ) -> None:
        """Asked again, asked of another instance, and asked a year later: the day is the column ``today``."""
        first = self.scores(it, self.candidates())
        assert np.array_equal(self.scores(it, self.candidates()), first), "asked a second time, it scores otherwise"
        a_year_later(clock)
        assert np.array_equal(self.scores(build(), self.candidates()), first), "later, it scores otherwise"

    def test_a_candidate_scores_the_same_alone_and_among_others(self, it: MatchingCriterion) -> None:
        """A pair is a pair: who else is in the list changes nothing."""
        c = self.candidates()
        together = self.scores(it, c)
        for i in (0, 7, N - 1):
            alone = float(self.scores(it, one_of(c, i))[0])
            assert abs(alone - float(together[i])) < 1e-6, f"candidate {i} scores {alone} alone, {together[i]} listed"

    def test_the_order_and_the_size_of_a_batch_change_nothing(self, it: MatchingCriterion) -> None:
        """Turned round and cut in two, everybody scores as before."""
        c = self.candidates()
        together, back = self.scores(it, c), np.arange(N)[::-1]
        again = self.scores(it, rows_of(c, back))
        assert np.allclose(again, together[back], atol=1e-6), "in another order, somebody scores otherwise"
        halves = [self.scores(it, rows_of(c, rows)) for rows in (np.arange(N // 2), np.arange(N // 2, N))]
        assert np.allclose(np.concatenate(halves), together, atol=1e-6), "in smaller batches, somebody scores otherwise"

    def test_it_reads_no_banned_column(self, it: MatchingCriterion) -> None:
        """Nobody is ranked by messages, or by protected or emotional attributes."""
        c = self.candidates()
        _forget(c)
        it.score(c)
        it.gate(c)
        read = {name for side in (c.m, c.p) for name in side.read | side.asked if name.startswith("x_")}  # type: ignore[attr-defined]
        bad = sorted(n for n in {*it.reads, *read, *self.extra_people, *self.extra_mission} if banned_words(n))
        assert not bad, (
            f"it reads {bad[0]!r}, by which nobody is ranked. Where the word means something else, call the field or "
            "its choice otherwise"
        )

    def test_a_hundred_thousand_candidates_cost_no_more_than_a_few_passes(self, it: MatchingCriterion) -> None:
        """Measured beside one plain pass of NumPy over as many numbers: at most :data:`PASSES` times it.

        Of the criterion alone: making its columns is core's. That of ``semantic_met`` reads a vector a candidate.
        """
        c = self.candidates(MANY)
        column = np.linspace(0.0, 1.0, MANY, dtype=np.float32)

        def plain() -> None:
            np.clip(column * np.float32(2.0) - np.float32(0.5), 0.0, 1.0)

        def asked() -> None:
            with np.errstate(all="ignore"):
                it.gate(c)
                it.score(c)

        ratio = _quickest(asked) / max(_quickest(plain), 1e-6)
        assert ratio < PASSES, f"{MANY} candidates take it {ratio:.0f} times as long as a plain pass; {PASSES} at most"

    def test_it_ranks_in_both_directions(self, it: MatchingCriterion) -> None:
        """Profiles for a mission, missions for a profile, and pairs: one function, written with broadcasting."""
        c = self.candidates()
        together = self.scores(it, c)
        assert np.allclose(self.scores(it, as_pairs(c)), together), "pairs score otherwise than people for a mission"
        back = self.scores(it, turned(c, 3))
        assert np.allclose(back, together[3]), "missions for a profile score otherwise than profiles for a mission"

    def test_each_mission_is_scored_by_itself(self, it: MatchingCriterion) -> None:
        """Several missions for one profile, and pairs of several: the first says nothing of the others."""
        c = self.candidates()
        d = elsewhere(c)
        one, other = self.scores(it, c), self.scores(it, d)
        found = self.scores(it, joined(c, d))
        assert np.allclose(found, [*one, *other], atol=1e-6), "of pairs it scores one mission by another"
        for i in (0, 7, N - 1):
            found = self.scores(it, two_for(c, d, i))
            assert np.allclose(found, [one[i], other[i]], atol=1e-6), "of two missions it scores one by the other"

    def test_a_reason_is_of_its_own_mission(self, it: MatchingCriterion) -> None:
        """Where several missions are ranked for one profile."""
        c = self.candidates()
        d = elsewhere(c)
        scores = self.scores(it, d)
        for i in range(0, N, 3):
            said = it.reason(two_for(c, d, i), 1, float(scores[i]))
            assert said == it.reason(d, i, float(scores[i])), "of two missions it gives the reason of the first"

    def test_it_changes_no_column(self, it: MatchingCriterion) -> None:
        """Columns are shared by every criterion and read-only."""
        c = self.candidates()
        before = [{k: side[k].copy() for k in side} for side in (c.m, c.p, c.pair)]
        it.score(c)
        it.gate(c)
        for side, values in zip((c.m, c.p, c.pair), before, strict=True):
            changed = [k for k in side if not np.array_equal(side[k], values[k])]
            assert not changed, f"it changed the column {changed[0]!r}"

    def test_it_works_on_whole_columns(self, it: MatchingCriterion) -> None:
        """No loop over candidates: as many lines run for six hundred as for thirty."""
        few, many = _lines_run(it, self.candidates(SHORT)), _lines_run(it, self.candidates(LONG))
        assert many < few + SHORT, f"{few} lines run for {SHORT} candidates, {many} for {LONG}: it loops over them"

    def test_it_reads_what_it_declares(self, it: MatchingCriterion) -> None:
        """A column in ``reads`` that is never read makes everybody unknown for nothing."""
        c = self.candidates(known=1.0)
        _forget(c)
        it.score(c)
        it.gate(c)
        read = {name for side in (c.m, c.p, c.pair) for name in (*side.read, *side.asked)}  # type: ignore[attr-defined]
        assert set(it.reads) <= read, f"it declares {sorted(set(it.reads) - read)} and reads nothing of it"

    def test_it_declares_what_it_reads(self, it: MatchingCriterion) -> None:
        """A column with gaps is in ``reads``, or it asks ``known``: else what nobody gave counts as 0."""
        c = self.candidates()
        _forget(c)
        it.score(c)
        it.gate(c)
        m, p = (set(drawn(self.fields(), owner, 1, 5, 1.0)[1]) for owner in ("mission", "profile"))
        gaps = ((c.m, {*GAPS_M, *m}), (c.p, {*GAPS_P, *p}), (c.pair, UNCOUNTED))
        sloppy = {n for side, names in gaps for n in names if n in side.read - side.asked}  # type: ignore[attr-defined]
        assert sloppy <= set(it.reads), f"it reads {sorted(sloppy - set(it.reads))} as 0 where nothing was given"

    def test_one_that_says_so_reads_the_profile_alone(self, it: MatchingCriterion) -> None:
        """``alone``: nothing of the mission, of the pair, or of dates, as its scores are kept."""
        c = self.candidates()
        _forget(c)
        it.score(c)
        p, others = c.p.read | c.p.asked, c.m.read | c.m.asked | c.pair.read | c.pair.asked  # type: ignore[attr-defined]
        bad = sorted(others | (p & {"today", "available_from", "starts"}))
        assert not it.alone or not bad, f"it says that it reads the profile alone, and reads {bad[0]!r}"

    def test_every_candidate_has_a_reason(self, it: MatchingCriterion) -> None:
        """For whatever is known: a ``Reason`` with a sentence, a tone, and nothing raised."""
        for i, reason in self.reasons(it):
            assert isinstance(reason, Reason), f"the reason of candidate {i} is {type(reason).__name__}"
            assert reason.text.strip(), f"the reason of candidate {i} says nothing"

    def test_the_tone_of_a_reason_is_one_of_three(self, it: MatchingCriterion) -> None:
        """``good``, ``near`` or ``miss``."""
        tones = {getattr(reason, "tone", "good") for _, reason in self.reasons(it)}
        assert tones <= {"good", "near", "miss"}, f"a tone is {sorted(tones)}"

    def test_the_places_of_a_reason_are_filled(self, it: MatchingCriterion) -> None:
        """In ``text`` and ``advice``, from ``params``."""
        for _, reason in self.reasons(it):
            filled(reason.text, reason.params)
            filled(reason.advice, reason.params)

    def test_what_fills_a_reason_is_shown_in_the_readers_way(self, it: MatchingCriterion) -> None:
        """``Money``, dates, numbers and words; no arrays, no numbers of NumPy."""
        for _, reason in self.reasons(it):
            for name, value in reason.params.items():
                fits = type(value) in (int, float, bool) or isinstance(value, str | Money | date)
                assert fits, f"the place {name!r} of {reason.text!r} holds a {type(value).__name__}"

    def test_the_reasons_of_all_are_those_of_each(self, it: MatchingCriterion) -> None:
        """``reasons`` gives at once what ``reason`` gives for one by one."""
        for c in self._of_all_sorts(0.0, 0.7, 1.0):
            scores = self.scores(it, c).tolist()
            each = [it.reason(c, i, score) for i, score in enumerate(scores)]
            assert list(it.reasons(c, scores)) == each, "asked for all at once, it gives somebody another reason"

    def reasons(self, it: MatchingCriterion) -> Iterator[tuple[int, Reason]]:
        """The reason of each candidate, in lists of all sorts, for missions of all sorts."""
        for c in self._of_all_sorts(0.0, 0.7, 1.0):
            found = self.scores(it, c)
            for i in range(0, N, 3):
                yield i, it.reason(c, i, float(found[i]))


def _quickest(work: Callable[[], None]) -> float:
    """Seconds of the quickest of five runs."""
    found = []
    for _ in range(5):
        start = perf_counter()
        work()
        found.append(perf_counter() - start)
    return min(found)


def _more(columns: Columns, own: tuple[dict[str, Array], dict[str, Array]], extra: Mapping[str, float], n: int
          ) -> Watched:  # fmt: skip
    values = {k: columns[k] for k in columns} | own[0]
    values |= {k: np.full(n, v, dtype=np.float32) for k, v in extra.items()}
    return Watched(values, {k: columns.known(k) for k in columns} | own[1])


def _forget(c: Candidates) -> None:
    for side in (c.m, c.p, c.pair):
        side.read.clear()  # type: ignore[attr-defined]
        side.asked.clear()  # type: ignore[attr-defined]


def _lines_run(it: MatchingCriterion, c: Candidates) -> int:
    """How many lines of Python ran for gate and score, NumPy's own and the columns' left out."""
    with _counting() as lines, np.errstate(all="ignore"):
        it.score(c)
        it.gate(c)
    return sum(lines)


@contextmanager
def _counting() -> Iterator[list[int]]:
    counted, before = [0], sys.gettrace()

    def trace(frame: Any, event: str, _argument: Any) -> Any:
        if "numpy" in frame.f_code.co_filename or frame.f_globals.get("__name__") in (__name__, Watched.__module__):
            return None
        counted[0] += event in ("line", "call")
        return trace

    sys.settrace(trace)
    try:
        yield counted
    finally:
        sys.settrace(before)
