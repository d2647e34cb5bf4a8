"""``kernel.frozen.dataclass`` behaves as the standard library's: the same questions are asked of both."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, field

import pytest

from marketwright.kernel import frozen


@frozen.dataclass(frozen=True, slots=True)
class Ours:
    """A row."""

    name: str
    parts: tuple[int, ...] = ()
    words: dict[str, int] = field(default_factory=dict, compare=False)
    secret: str = field(default="s", repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs:
    """A row."""

    name: str
    parts: tuple[int, ...] = ()
    words: dict[str, int] = field(default_factory=dict, compare=False)
    secret: str = field(default="s", repr=False, kw_only=True)

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError


@frozen.dataclass(frozen=True, slots=True)
class Longer(Ours):
    """A row that inherits."""

    more: int = 0


@frozen.dataclass(frozen=True, slots=True)
class Itself:
    """A row that says itself what it is and when it is the same."""

    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Itself) and other.name.lower() == self.name.lower()

    def __repr__(self) -> str:
        return "itself"


BOTH = pytest.mark.parametrize("row", [Ours, Theirs])


@BOTH
def test_two_with_the_same_fields_are_equal_and_hash_alike(row):
    assert row("a", (1,), {"x": 1}) == row("a", (1,), {"y": 2})
    assert row("a") != row("b")
    assert len({row("a"), row("a"), row("b")}) == 2
    assert row("a") != "a"


@BOTH
def test_nothing_can_be_set_or_taken_away(row):
    made = row("a")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'name'"):
        made.name = "b"
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'name'"):
        del made.name
    with pytest.raises((FrozenInstanceError, TypeError)):
        made.other = 1  # 3.11's own raises TypeError here, for a slotted class


@BOTH
def test_it_is_shown_with_its_fields_but_what_hides(row):
    assert repr(row("a", (1,))) == f"{row.__name__}(name='a', parts=(1,), words={{}})"


@BOTH
def test_it_is_copied_pickled_replaced_and_taken_apart(row):
    made = row("a", (1,), {"x": 1}, secret="t")
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == copy.copy(made) == made
    assert dataclasses.replace(made, name="b") == row("b", (1,), secret="t")
    assert dataclasses.asdict(made) == {"name": "a", "parts": (1,), "words": {"x": 1}, "secret": "t"}
    match made:
        case Ours(name, parts) | Theirs(name, parts):
            assert (name, parts) == ("a", (1,))


@BOTH
def test_what_it_checks_itself_is_checked(row):
    with pytest.raises(ValueError):  # noqa: PT011
        row("")


@BOTH
def test_each_has_its_own_default_and_a_wrong_argument_is_refused(row):
    assert row("a").words is not row("a").words
    with pytest.raises(TypeError, match="unexpected keyword argument 'nmae'"):
        row(nmae="a")


def test_the_signature_is_the_librarys():
    assert str(inspect.signature(Ours)) == str(inspect.signature(Theirs))


def test_init_is_written_when_it_is_first_asked_for():
    @frozen.dataclass(frozen=True, slots=True)
    class Late:
        x: int

    assert type(Late.__dict__["__init__"]) is not type(Late.__init__)
    assert Late(1).x == 1
    assert inspect.isfunction(Late.__dict__["__init__"])


@pytest.mark.parametrize("make", [frozen.dataclass, dataclasses.dataclass])
def test_one_may_inherit_from_it(make):
    @make(frozen=True, slots=True)
    class Child(Ours):
        more: int = 0

    assert Child("a", more=1) != Child("a")
    assert Longer("a", more=1).more == 1
    with pytest.raises(FrozenInstanceError):
        Longer("a").more = 2


def test_what_its_author_wrote_stays():
    assert repr(Itself("a")) == "itself"
    assert Itself("a") == Itself("A")
    assert hash(Itself("a")) == hash(Itself("a"))


def test_another_kind_of_dataclass_is_left_to_the_library():
    @frozen.dataclass
    class Open:
        x: int

    made = Open(1)
    made.x = 2
    assert made == Open(2)
