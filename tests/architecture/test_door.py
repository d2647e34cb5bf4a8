"""The door: what plugins may import is a file under test; a change is made on purpose or not at all."""

import dataclasses
import enum
import inspect
from pathlib import Path

import marketwright.plugin as door

HELD = Path(__file__).with_name("door.txt")


def annotation(kind) -> str:
    return kind if isinstance(kind, str) else inspect.formatannotation(kind)


def describe() -> str:
    """Every name of the door with its signature, fields or members."""
    lines = []
    for name in door.__all__:
        value = getattr(door, name)
        if isinstance(value, type) and issubclass(value, enum.Enum):
            lines.append(f"{name}: enum " + ", ".join(m.value for m in value))
        elif isinstance(value, type) and dataclasses.is_dataclass(value):
            lines.append(f"{name}({', '.join(f'{f.name}: {annotation(f.type)}' for f in dataclasses.fields(value))})")
        elif isinstance(value, type):
            members = vars(value).items()
            methods = sorted(n for n, f in members if not n.startswith("_") and callable(getattr(f, "fget", f)))
            lines.append(f"class {name}: {', '.join(methods)}")
        elif inspect.isfunction(value):
            lines.append(f"def {name}{inspect.signature(value)}")
        else:
            lines.append(f"{name}: {type(value).__name__}")
    return "\n".join(lines) + "\n"


def test_the_door_is_what_it_was_promised_to_be():
    assert describe() == HELD.read_text(), (
        "The door has changed. If that is meant: python tests/architecture/test_door.py, and a line in CHANGELOG.md."
    )


def test_the_door_lists_each_name_once_and_has_it():
    assert len(set(door.__all__)) == len(door.__all__)
    assert not set(door.__all__) - set(vars(door))


def test_no_strategy_has_more_than_six_methods():
    for name in ("MatchingCriterion", "PricingRule", "ContractTemplate", "PaymentProvider", "VettingCheck"):
        strategy = getattr(door, name)
        methods = [n for n, f in vars(strategy).items() if not n.startswith("_") and inspect.isfunction(f)]
        assert len(methods) <= 6, name


if __name__ == "__main__":
    HELD.write_text(describe())
