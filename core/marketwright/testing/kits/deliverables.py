"""What every deliverable holds: a form that its own example fills, faults at fields, a measure without moods."""

import copy
import re
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from marketwright.hooks.deliverables import checked_deliverables
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.deliverables import Deliverable, Handed, Judgement
from marketwright.testing.kits.frame import StrategyKit, a_year_later
from marketwright.testing.kits.values import faults, varied

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class DeliverableConformance(StrategyKit):
    """For a subclass of ``Deliverable``: ``strategy = MyReport``, or ``plugin = my_module`` for all that it brings."""

    hook = "register_deliverables"

    def test_it_says_what_it_is_called(self, it: Any) -> None:
        """``<plugin>.<word>``: transitions name it so."""
        name = getattr(it, "name", None)
        assert isinstance(name, str), f"name is {name!r}, not text"
        assert _NAME.fullmatch(name), f"name {name!r} is not <plugin>.<word> in small letters"
        of = self.manifest().name
        assert of in ("alone", name.partition(".")[0]), f"{name!r} does not begin with {of!r}"

    def test_its_label_is_for_people(self, it: Deliverable) -> None:
        """It heads the form and stands in the contract."""
        assert it.label.strip(), "it has no label"

    def test_core_takes_its_fields(self, it: Deliverable) -> None:
        """What would stop the start: a table or file where none can stand, a doubled name, a chart of no choice."""
        try:
            checked_deliverables([SimpleNamespace(plugin=it.name.partition(".")[0], it=it)])
        except BadSetting as error:
            pytest.fail(str(error))

    def test_its_example_fits_its_form(self, it: Deliverable) -> None:
        """Every required field is given, in the form in which it is stored."""
        agreed, handed = it.example()
        found = faults(it.agreed, agreed) + faults(it.handed, handed.values)
        lists = {rows.name: rows for rows in it.rows}
        found += [f"it has no list {name!r}" for name in handed.rows if name not in lists]
        for rows in it.rows:
            given = handed.rows.get(rows.name, ())
            carried = [replace(field, required=False) for field in rows.fixed]  # a rehearsal brings them along
            found += [f"{rows.name!r} has {len(given)} rows, at least {rows.least}"] if len(given) < rows.least else []
            found += [said for row in given for said in faults((*rows.columns, *carried), row)]
        assert not found, f"the example: {found[0]}"

    def test_its_example_is_without_fault(self, it: Deliverable) -> None:
        """A rehearsal agrees on it and hands it over."""
        agreed, handed = it.example()
        said = {**it.check_agreed(agreed), **it.check(agreed, handed)}
        assert not said, f"its own example is refused: {said}"

    def test_its_example_is_met_where_there_is_a_measure(self, it: Deliverable) -> None:
        """A rehearsal goes on from it: yes, or for people to say."""
        met = it.judge(*it.example()).met
        assert met is None or met is True, f"its own example is not met: met is {met!r}"

    def test_a_fault_stands_at_a_field(self, it: Deliverable) -> None:
        """Whatever the form let through is refused at a field that is there, in words; nothing is raised."""
        agreed, handed = it.example()
        for tried in varied(it.agreed, agreed):
            _at_fields(it, "check_agreed", it.check_agreed(tried), handed)
            if not it.check_agreed(tried):
                _at_fields(it, "check", it.check(tried, handed), handed)
        for one in _others(it, handed):
            _at_fields(it, "check", it.check(agreed, one), one)

    def test_what_is_without_fault_is_judged(self, it: Deliverable) -> None:
        """A ``Judgement`` of words, whatever ``check`` let through: never a crash between delivery and payment."""
        agreed, handed = it.example()
        for one in (handed, *_others(it, handed)):
            if it.check(agreed, one):
                continue
            said = it.judge(agreed, one)
            assert isinstance(said, Judgement), f"judge gave {said!r}, not a Judgement"
            assert said.met in (None, True, False), f"met is {said.met!r}"
            words = [*said.sentences, *(word for pair in said.figures for word in pair)]
            assert all(isinstance(w, str) and w for w in words), f"figures and sentences are words, not {words!r}"

    def test_derived_columns_are_those_declared(self, it: Deliverable) -> None:
        """``derive`` fills the columns of ``derived`` and no other, each as its form is stored."""
        _, handed = it.example()
        for rows in it.rows:
            for row in handed.rows.get(rows.name, ()):
                said = faults(rows.derived, it.derive(rows.name, row))
                assert not said, f"a row of {rows.name!r}: {said[0]}"

    def test_the_same_delivery_gets_the_same_judgement(self, it: Deliverable, build: Any, clock: FrozenClock) -> None:
        """Asked again a year later, and asked of another instance: no clock and no dice decide over money."""
        example = it.example()
        first = it.judge(*example)
        a_year_later(clock)
        assert it.judge(*example) == first, "asked again it judges otherwise"
        assert build().judge(*example) == first, "another instance judges otherwise"

    def test_it_changes_nothing_that_it_is_given(self, it: Deliverable) -> None:
        """What was agreed and handed over is evidence: it is read."""
        agreed, handed = it.example()
        before = copy.deepcopy((dict(agreed), dict(handed.values), {k: list(v) for k, v in handed.rows.items()}))
        it.check_agreed(agreed)
        it.check(agreed, handed)
        it.judge(agreed, handed)
        for name, rows in handed.rows.items():
            for row in rows:
                it.derive(name, row)
        after = (dict(agreed), dict(handed.values), {k: list(v) for k, v in handed.rows.items()})
        assert after == before, "what was agreed or handed over is no longer what it was"


def _others(it: Deliverable, handed: Handed) -> list[Handed]:
    """The example given otherwise in one place."""
    found = [Handed(values, handed.rows) for values in varied(it.handed, handed.values)]
    for rows in it.rows:
        given = list(handed.rows.get(rows.name, ()))
        if given:
            found += [Handed(handed.values, {**handed.rows, rows.name: [row, *given[1:]]})
                      for row in varied(rows.columns, given[0])]  # fmt: skip
    return found


def _at_fields(it: Deliverable, asked: str, said: Any, handed: Handed) -> None:
    assert isinstance(said, Mapping), f"{asked} gave {said!r}, not faults by field"
    known = {field.name for field in (*it.agreed, *it.handed)} | {rows.name for rows in it.rows}
    for rows in it.rows:
        for number in range(len(handed.rows.get(rows.name, ()))):
            known |= {f"{rows.name}-{number}-{field.name}" for field in rows.every}
    for key, sentences in said.items():
        assert key in known, f"{asked} finds fault with {key!r}, which is no field"
        listed = not isinstance(sentences, str) and all(isinstance(s, str) and s for s in sentences)
        assert listed, f"{asked} says {sentences!r} of {key!r}, not a list of sentences"
        assert sentences, f"{asked} says nothing of {key!r}"
