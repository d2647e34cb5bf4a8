"""Leaving out those who cannot be among the best changes nothing for those who are."""

from marketwright.cli.bench_base import TODAY, make_base
from marketwright.cli.bench_matching import _criteria
from marketwright.features.matching.columns import wanted_of
from marketwright.features.matching.index import index_of
from marketwright.features.matching.relaxing import matches_of


def test_the_best_of_many_are_the_same_and_all_are_counted():
    base = make_base(20_000, 60, 3)
    index, criteria, narrowed = index_of(base.taxonomy, *base.merged()), _criteria(), 0
    for row in range(60):
        wanted = wanted_of(index.missions.side, row, TODAY)
        whole, few = matches_of(index, wanted, criteria, TODAY), matches_of(index, wanted, criteria, TODAY, 20)
        narrowed += few.beyond > 0
        assert few.total == whole.total
        assert few.texts(few.best(20)) == whole.texts(whole.order[:20])
        assert few.scores[few.best(20)].tolist() == whole.scores[whole.order[:20]].tolist()
    assert narrowed, "no mission had enough candidates for anybody to be left out"
