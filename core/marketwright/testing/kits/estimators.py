"""What every estimator holds: days in order, parts that add up, a reason for each, and no mood."""

import re
from typing import Any

import pytest

from marketwright.kernel.time import FrozenClock
from marketwright.strategies.estimators import Estimate, Estimator, Sizing
from marketwright.strategies.fields import Field, FieldForm
from marketwright.testing.kits.frame import StrategyKit, a_year_later
from marketwright.testing.kits.values import others

_HALF = 0.5
_NAME = re.compile(r"([a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*")


class EstimatorConformance(StrategyKit):
    """For a subclass of ``Estimator``; ``briefs`` adds briefs to those made of the plugin's own fields of missions.

    One of them must be a brief that it estimates.
    """

    hook = "register_estimators"

    def briefs(self) -> list[Sizing]:
        """Briefs of your own."""
        return []

    @pytest.fixture
    def all_briefs(self) -> list[Sizing]:
        """Those of :meth:`briefs`, an empty one, and the plugin's fields at the ends of what their forms allow."""
        made = getattr(self.plugin, "register_fields", None)
        fields = [f for f in (made(settings=self.checked()) if made else ()) if f.owner == "mission" and not f.private]
        first, last = _filled(fields, 0), _filled(fields, -1)
        found = [*self.briefs(), Sizing(), Sizing(first), Sizing(last, 12, 8, "onsite"), Sizing(first, 1, 0, "remote")]
        return found + [Sizing({**first, f.name: other}, 3) for f in fields if f.asked for other in _others(f)]

    def test_it_says_what_it_is_called(self, it: Any) -> None:
        """``<plugin>.<word>``, or one word: small letters, digits and _."""
        name = getattr(it, "name", None)
        assert isinstance(name, str), f"name is {name!r}, not text"
        assert _NAME.fullmatch(name), f"name {name!r} is not <plugin>.<word> in small letters"

    def test_its_label_is_for_people(self, it: Estimator) -> None:
        """It stands above the estimate, beside the brief."""
        assert it.label.strip(), "it has no label"

    def test_it_estimates_or_says_nothing(self, it: Estimator, all_briefs: list[Sizing]) -> None:
        """An ``Estimate``, or ``None`` while the brief says too little; an empty brief is not too little to survive."""
        for brief in all_briefs:
            said = it.estimate(brief)
            assert said is None or isinstance(said, Estimate), f"estimate gave {said!r} for {brief!r}"

    def test_some_brief_is_estimated(self, it: Estimator, all_briefs: list[Sizing]) -> None:
        """Give one in ``briefs`` where the plugin's own fields do not make one."""
        assert any(it.estimate(brief) for brief in all_briefs), "none of the briefs is estimated: add one to briefs()"

    def test_its_days_stand_in_order(self, it: Estimator, all_briefs: list[Sizing]) -> None:
        """At least, likely, at most: whole days from 1 on."""
        for said in _said(it, all_briefs):
            days = (said.low, said.likely, said.high)
            assert all(type(d) is int for d in days), f"{days} are no whole days"
            assert 1 <= said.low <= said.likely <= said.high, f"{days} do not stand in order from 1 on"

    def test_its_parts_add_up(self, it: Estimator, all_briefs: list[Sizing]) -> None:
        """``likely`` is the sum of the parts, to the half day: people add them up."""
        for said in _said(it, all_briefs):
            total = sum(part.days for part in said.parts)
            assert abs(total - said.likely) <= _HALF, f"the parts come to {total} days, likely says {said.likely}"

    def test_each_part_says_what_for_and_why(self, it: Estimator, all_briefs: list[Sizing]) -> None:
        """Its days are above none, its label names the work, its reason is a sentence."""
        for said in _said(it, all_briefs):
            for part in said.parts:
                assert part.days > 0, f"the part {part.label!r} takes {part.days} days"
                assert part.label.strip(), "a part has no label"
                assert not part.why or part.why.rstrip().endswith((".", "…")), f"{part.why!r} is no sentence"
            assert any(part.why for part in said.parts), "no part says why"

    def test_the_same_brief_gets_the_same_estimate(
        self, it: Estimator, all_briefs: list[Sizing], build: Any, clock: FrozenClock
    ) -> None:
        """Client and applicants read one number, whenever they look."""
        first = [it.estimate(brief) for brief in all_briefs]
        a_year_later(clock)
        assert [it.estimate(brief) for brief in all_briefs] == first, "asked again it estimates otherwise"
        assert [build().estimate(brief) for brief in all_briefs] == first, "another instance estimates otherwise"

    def test_it_leaves_the_brief_as_it_is(self, it: Estimator, all_briefs: list[Sizing]) -> None:
        """A brief is read."""
        before = repr(all_briefs)
        _said(it, all_briefs)
        assert repr(all_briefs) == before, "a field of the brief is no longer what it was"


def _said(it: Estimator, briefs: list[Sizing]) -> list[Estimate]:
    return [said for brief in briefs if (said := it.estimate(brief)) is not None]


def _others(field: Field) -> list[Any]:
    if field.form is FieldForm.ROWS:
        return [[], [_filled(field.rows, 0)], [_filled(field.rows, -1)] * field.most]
    return list(others(field))


def _filled(fields: Any, end: int) -> dict[str, Any]:
    return {f.name: _others(f)[end] for f in fields if f.asked and f.form is not FieldForm.FILE}
