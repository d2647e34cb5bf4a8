"""What every condition holds: words for both sides, an example that meets it, faults at fields, a paper that exists."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar

import pytest

from marketwright.strategies.conditions import Condition, HandedIn, faults_of
from marketwright.strategies.fields import Field, FieldForm
from marketwright.testing.desks import MONDAY
from marketwright.testing.kits.terms import some_terms
from marketwright.testing.kits.values import faults, varied


class ConditionConformance:
    """For a ``Condition``: ``condition = MINE``, or ``plugin = my_module`` for all that its hook returns.

    ``mission_fields`` adds fields of other plugins that it depends on. ``plugin`` also shows its papers to the kit.
    """

    condition: ClassVar[Condition | None] = None
    plugin: ClassVar[ModuleType | None] = None
    settings: ClassVar[Mapping[str, Any]] = {}
    mission_fields: ClassVar[tuple[Field, ...]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One round of tests a condition."""
        if "it" in metafunc.fixturenames:
            cls = metafunc.cls
            assert cls is not None
            found = [cls.condition] if cls.condition else cls._brought("register_conditions")
            metafunc.parametrize("it", found, ids=[c.name for c in found])

    @classmethod
    def _brought(cls, hook: str) -> list[Any]:
        made = getattr(cls.plugin, hook, None)
        return list(made(settings=cls.settings)) if made else []

    def handed(self, values: Mapping[str, Any]) -> HandedIn:
        """What a side hands in on a Monday in May 2026."""
        return HandedIn(values, (), {}, some_terms(), MONDAY, "Europe/Paris", confidentiality_signed=True)

    def example(self, it: Condition) -> dict[str, Any]:
        """Its own example, for that day."""
        return dict(it.example(MONDAY.date())) if it.example else {}

    def test_it_is_named_after_its_plugin(self, it: Condition) -> None:
        """``<plugin>.<word>``: the desk lets no other plugin meet it."""
        of, dot, word = it.name.partition(".")
        assert dot and of.isidentifier() and word.isidentifier(), f"{it.name!r} is not <plugin>.<word>"  # noqa: PT018
        manifest = getattr(self.plugin, "manifest", None)
        assert manifest is None or manifest.name == of, f"{it.name!r} does not begin with {manifest.name!r}"

    def test_it_says_what_is_missing_and_how_it_is_met(self, it: Condition) -> None:
        """``label`` names it beside the step that waits, ``how`` is a sentence: who does what."""
        assert it.label.strip(), "it has no label"
        assert it.how.strip().endswith("."), "how is no sentence: say who hands in what"

    def test_core_takes_its_declaration(self, it: Condition) -> None:
        """What would stop the start: a field that no mission has, signatures without a paper, two names alike."""
        fields = [f for f in (*self._brought("register_fields"), *self.mission_fields) if f.owner == "mission"]
        assert faults_of(it, {f.name: f for f in fields}) == []

    def test_somebody_can_meet_it(self, it: Condition) -> None:
        """It asks for something that a side can hand in, or says that the plugin meets it: ``desk.actions``."""
        asks = it.asks or it.fields or it.paper
        acts = "meet_condition" in getattr(getattr(self.plugin, "manifest", None), "acts", ())
        assert asks or acts, "nobody hands anything in, and the manifest does not declare meet_condition"

    def test_its_example_fits_its_form(self, it: Condition) -> None:
        """A rehearsal hands it in: every required field is given, as it is stored."""
        if it.fields:
            assert it.example, "it has fields and no example: a rehearsal stops before it"
        said = faults(it.fields, self.example(it))
        assert not said, f"the example: {said[0]}"

    def test_its_example_is_valid_on_any_day(self, it: Condition) -> None:
        """``example`` takes the day: a date written into it is over some day."""
        if it.example is None or it.check is None:
            return
        for year in (0, 3):
            now = MONDAY.replace(year=MONDAY.year + year)
            given = HandedIn(dict(it.example(now.date())), (), {}, some_terms(), now, "Europe/Paris",
                             confidentiality_signed=True, held=frozenset(it.holding))  # fmt: skip
            said = {key: why for key, why in it.check(given).items() if _kind(key) not in self._signing(it)}
            assert not said, f"its own example is refused on {now:%Y-%m-%d}: {said}"

    def test_a_fault_stands_at_a_field(self, it: Condition) -> None:
        """Whatever the form let through is refused at a field that is there, in words; nothing is raised."""
        known = {"", *it.asks, *self._signing(it), *(field.name for field in it.fields)}  # '' is the form as a whole
        for values in self._tried(it) if it.check else []:
            said = it.check(self.handed(values)) if it.check else {}
            assert isinstance(said, Mapping), f"check gave {said!r}, not faults by field"
            for key, why in said.items():
                assert _kind(key) in known, f"check finds fault with {key!r}, which is no field"
                assert isinstance(why, str), f"check says {why!r} of {key!r}, not a sentence"
                assert why, f"check says nothing of {key!r}"

    def test_what_rests_on_a_check_is_refused_without_it(self, it: Condition) -> None:
        """Where it names checks in ``holding``, its own example is refused to whoever holds none of them."""
        if it.holding:
            assert it.check, "it names checks in `holding` and checks nothing"
            assert it.check(self.handed(self.example(it))), f"taken without {', '.join(it.holding)}"

    def test_the_same_is_checked_the_same(self, it: Condition) -> None:
        """Shown again after a fault elsewhere, the answer is the same; what was handed in stays as it was."""
        values = self.example(it)
        kept = repr(values)
        given = self.handed(values)
        if it.check:
            assert it.check(given) == it.check(given), "checked again it says otherwise"
        assert repr(values) == kept, "check changed what was handed in"

    def test_its_paper_is_there(self, it: Condition) -> None:
        """``paper`` is the kind of a contract template that the plugin brings."""
        if it.paper and self.plugin is not None:
            kinds = {template.kind for template in self._brought("register_contract_templates")}
            assert it.paper in kinds, f"no template of the plugin is of the kind {it.paper!r}: {sorted(kinds)}"

    def test_it_can_be_signed_in_time(self, it: Condition) -> None:
        """``sign_by`` of the example is a moment to come with its time zone, or ``None``."""
        if it.sign_by is None:
            return
        until = it.sign_by(self.handed(self.example(it)))
        assert until is None or until.tzinfo is not None, f"{until} has no time zone"
        assert until is None or until > MONDAY, f"{until} is over when it is handed in"

    def _signing(self, it: Condition) -> set[str]:
        return {signatory.name for signatory in it.signatories}

    def _tried(self, it: Condition) -> list[dict[str, Any]]:
        """The example, and it given otherwise in one place, in rows too."""
        values = self.example(it)
        found = [values, *varied(it.fields, values)]
        for field in it.fields:
            if field.form is FieldForm.ROWS and values.get(field.name):
                first, *rest = values[field.name]
                found += [{**values, field.name: [row, *rest]} for row in varied(field.rows, first)]
        return found


def _kind(key: str) -> str:
    """The field of a fault's key: ``scope`` of ``scope-0-address``."""
    return key.partition("-")[0]
