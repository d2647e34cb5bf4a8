"""How templates run: as Jinja runs them (never in its async way), with less work for each value and each macro.

A page of cards reads and writes some two thousand values and calls four hundred macros: what each costs decides what a
page does.
"""

from collections.abc import Callable, Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.filters import do_default
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner as inner
except ImportError:  # another build of it

    def inner(s: str, /) -> str:
        """As :func:`markupsafe.escape`, as plain text."""
        return str(escape(s))


REVISION = "2"  # of the code that is made here: what was compiled before is compiled again
_PLAIN = frozenset((FunctionType, MethodType, BuiltinFunctionType))  # whose calling Jinja need not find out about
_markup: Callable[[type[Markup], str], Markup] = str.__new__  # of what is text and no markup yet


def escaped(value: object) -> str:
    """What ``escape`` gives, without an object around it: it is written at once, and never escaped again."""
    kind = type(value)
    if kind is str:
        return inner(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


class Generator(CodeGenerator):
    """Writes text through ``environment.inner`` and other values through ``environment.escaped``.

    Attributes are read, and absent ones replaced by ``default``, without a call.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("(environment.inner(_w) if type(_w := (")
        if finalize.src is not None:
            self.write(finalize.src)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
            return
        self.write(")" if finalize.src is None else "))")
        self.write(") is str else environment.escaped(_w))")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802  Jinja's name
        """``it.name``: an attribute, or else what Jinja makes of it."""
        self.write("(_a if (_a := getattr(_o := (")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(_o, {node.attr!r}))")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802  Jinja's name
        """``it|default(constant)`` in place, any other filter as Jinja does it."""
        plain = node.node is not None and len(node.args) == 1 and isinstance(node.args[0], nodes.Const)
        if (
            node.name != "default" or not plain or node.kwargs or node.dyn_args or node.dyn_kwargs
            or self.environment.filters.get("default") is not do_default
        ):  # fmt: skip
            super().visit_Filter(node, frame)
            return
        self.write("(_d if not isinstance(_d := (")
        self.visit(node.node, frame)  # type: ignore[arg-type]
        self.write("), Undefined) else ")
        self.visit(node.args[0], frame)
        self.write(")")


class Values(Context):
    """Calls macros and functions at once: what Jinja asks of anything that is called is known of them."""

    def __init__(
        self, environment: Environment, parent: dict[str, Any], name: str | None, blocks: Mapping[str, Any],
        globals: Mapping[str, Any] | None = None,  # noqa: A002  Jinja's name
    ) -> None:  # fmt: skip
        # all templates have the environment's own globals: only others would need to be handed on
        other = None if globals is environment.globals else globals
        super().__init__(environment, parent, name, blocks, other)  # type: ignore[arg-type]

    def call(self, called: Any, /, *args: Any, _loop_vars: Any = None, _block_vars: Any = None, **given: Any) -> Any:
        """What ``called`` gives for the arguments."""
        kind = type(called)
        if kind is Macro:
            names = called.arguments
            if called.caller or called.catch_kwargs or called.catch_varargs or len(args) > len(names):
                return called(self.eval_ctx, *args, **given)
            if len(args) != len(names):
                args = (*args, *[given.pop(name, missing) for name in names[len(args) :]])
            if given:
                return called(self.eval_ctx, *args, **given)  # which says what is wrong
            text = called._func(*args)  # noqa: SLF001  as the macro itself does
            return _markup(Markup, text) if self.eval_ctx.autoescape else text
        if kind in _PLAIN and getattr(called, "jinja_pass_arg", None) is None:
            try:
                return called(*args, **given)
            except StopIteration as error:
                return self.environment.undefined(f"value was undefined because a callable raised {error!r}")
        return super().call(called, *args, _loop_vars=_loop_vars, _block_vars=_block_vars, **given)


__all__ = ["REVISION", "Generator", "Values", "escaped", "inner"]
