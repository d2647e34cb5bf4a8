"""``@dataclass(frozen=True, slots=True)`` as the standard library has it, at less cost to a start.

The library writes and compiles six methods of every class at import, and most classes are never made by most processes.
Here ``__init__`` is compiled when somebody first asks for it, and the others need no compiling. Fields, ``replace``,
``asdict``, signatures, pickling and pattern matching are the library's own.
"""

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

_FIELDS = "__dataclass_fields__"


class _Init:
    """Stands where ``__init__`` of ``owner`` will: whoever first asks has it written, and it takes this place."""

    __slots__ = ("owner",)

    def __init__(self, owner: Any) -> None:
        self.owner = owner

    def __get__(self, instance: object, kind: type | None = None) -> Any:
        self.owner.__init__ = written = _init(self.owner)
        return written.__get__(instance, kind)


class _Factory:
    """Stands in a signature where a default is made anew for each."""

    def __repr__(self) -> str:
        return "<factory>"


_UNSET = _Factory()


def _init(cls: Any) -> Any:
    """``__init__`` as the standard library writes it, but fields go straight into their slots, thrice as fast."""
    fields = [field for field in dataclasses.fields(cls) if field.init or _filled(field)]
    scope = {f"_set_{field.name}": getattr(cls, field.name).__set__ for field in fields}
    scope |= {f"_made_{f.name}": f.default_factory for f in fields if f.default_factory is not dataclasses.MISSING}
    scope |= {f"_kept_{f.name}": f.default for f in fields if not f.init and f.default is not dataclasses.MISSING}
    lines = [f"  _set_{field.name}(self, {_value(field)})" for field in fields]
    lines += ["  self.__post_init__()"] if hasattr(cls, "__post_init__") else ["  pass"]
    placed, named = ([f for f in fields if f.init and f.kw_only is only] for only in (False, True))
    given = ", ".join(["self", *(f.name for f in placed), *(["*"] if named else []), *(f.name for f in named)])
    made: dict[str, Any] = {}
    exec(f"def __init__({given}):\n" + "\n".join(lines), scope | {"_unset": _UNSET}, made)  # noqa: S102  as the library
    init = made["__init__"]
    init.__defaults__ = tuple(_UNSET if f.default is dataclasses.MISSING else f.default for f in placed if _filled(f))
    init.__kwdefaults__ = {f.name: _UNSET if f.default is dataclasses.MISSING else f.default
                           for f in named if _filled(f)}  # fmt: skip
    init.__annotations__ = {**{f.name: f.type for f in (*placed, *named)}, "return": None}
    init.__module__, init.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    return init


def _filled(field: dataclasses.Field[Any]) -> bool:
    """Whether a field has a default."""
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


def _value(field: dataclasses.Field[Any]) -> str:
    """What ``__init__`` puts into a field."""
    if field.default_factory is not dataclasses.MISSING:
        made = f"_made_{field.name}()"
        return f"{made} if {field.name} is _unset else {field.name}" if field.init else made
    return field.name if field.init else f"_kept_{field.name}"


def _values(fields: list[dataclasses.Field[Any]]) -> Callable[[Any], Any]:
    return attrgetter(*(field.name for field in fields)) if fields else lambda _: ()


def _comparing(cls: Any) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    """``__eq__`` and ``__hash__`` over the fields that are compared."""
    fields = [field for field in dataclasses.fields(cls) if field.compare]
    values, hashed = _values(fields), _values([field for field in fields if field.hash is not False])

    def equal(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return equal, lambda self: hash(hashed(self))


@recursive_repr()
def _repr(self: Any) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse(self: Any, what: str, name: str) -> None:
    if _FIELDS in type(self).__dict__ or name in getattr(self, _FIELDS):
        msg = f"cannot {what} field {name!r}"
        raise dataclasses.FrozenInstanceError(msg)


def _set(self: Any, name: str, value: object) -> None:
    _refuse(self, "assign to", name)
    object.__setattr__(self, name, value)


def _delete(self: Any, name: str) -> None:
    _refuse(self, "delete", name)
    object.__delattr__(self, name)


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


def _made(cls: Any) -> Any:
    """``cls`` made; one that inherits fields is left to the standard library."""
    if any(hasattr(base, _FIELDS) for base in cls.__bases__):
        return dataclasses.dataclass(frozen=True, slots=True)(cls)
    written = set(cls.__dict__)
    if "__eq__" in written and cls.__hash__ is None:
        written.discard("__hash__")  # put there by Python, not by the author
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    made.__dataclass_params__.frozen = True
    equal, hashed = _comparing(made)
    methods = {
        "__init__": _Init(made), "__repr__": _repr, "__eq__": equal, "__hash__": hashed, "__setattr__": _set,
        "__delattr__": _delete, "__getstate__": _state, "__setstate__": _set_state,
    }  # fmt: skip
    for name in methods.keys() - written:
        setattr(made, name, methods[name])
    return made


if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, **options):
        """As :func:`dataclasses.dataclass`, which makes all that is not frozen and slotted."""
        make = _made if options == {"frozen": True, "slots": True} else dataclasses.dataclass(**options)
        return make if cls is None else make(cls)
