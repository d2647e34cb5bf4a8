"""Each test of each kit is proved by a plugin broken on purpose, and what is not broken passes."""

import sys

import pytest

import marketwright.testing as door
from marketwright.testing.kits.candidates import some_candidates

KITS = sorted(name for name in door.__all__ if name.endswith("Conformance"))


def kit_tests(kit):
    return {name for name in dir(getattr(door, kit)) if name.startswith("test_")}


@pytest.mark.parametrize("kit", KITS)
def test_every_test_of_a_kit_is_failed_by_a_plugin_broken_for_it(caught, kit):
    proved = {by for (of, _), by in caught.promised.items() if of == kit and by}
    assert kit_tests(kit) - proved == set()


@pytest.mark.parametrize("kit", KITS)
def test_what_is_broken_on_purpose_is_caught_by_the_test_that_it_names(caught, kit):
    slipped = {
        broken: by
        for (of, broken), by in caught.promised.items()
        if of == kit and by and by not in caught.failed.get(kit, {}).get(broken, set())
    }
    assert slipped == {}


@pytest.mark.parametrize("kit", KITS)
def test_what_is_not_broken_passes_its_whole_kit(caught, kit):
    fair = {broken for (of, broken), by in caught.promised.items() if of == kit and not by}
    assert fair
    assert not fair & set(caught.failed.get(kit, {})), caught.failed[kit]


def test_p4_at_least_80_tests_hold_payment_providers_and_20_broken_ones_are_caught(caught, capsys):
    kit = "PaymentProviderConformance"
    rounds = caught.rounds[kit]["TestFair"]
    broken = [name for (of, name), by in caught.promised.items() if of == kit and by]
    with capsys.disabled():
        sys.stdout.write(f"\n  payments: {rounds} conformance tests ({len(kit_tests(kit))} by name), "
                         f"{len(broken)} broken providers caught\n")  # fmt: skip
    assert rounds >= 80
    assert len(broken) >= 20


def test_a_column_that_is_not_there_is_named_with_where_it_would_come_from():
    with pytest.raises(KeyError, match=r"'x_sector'.*column=True.*extra_people"):
        some_candidates().p["x_sector"]
