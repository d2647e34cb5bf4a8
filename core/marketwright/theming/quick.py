"""How templates run: as Jinja runs them, with less work for each value that is written and each macro that is called.

A page of cards writes some two thousand values and calls four hundred macros: what each costs decides what a page does.
"""

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner as inner
except ImportError:  # another build of it

    def inner(s: str, /) -> str:
        """As :func:`markupsafe.escape`, as plain text."""
        return str(escape(s))


REVISION = "1"  # of the code that is made here: what was compiled before is compiled again


def escaped(value: object) -> str:
    """What ``escape`` gives, without an object around it: it is written at once, and never escaped again."""
    kind = type(value)
    if kind is str:
        return inner(value)  # type: ignore[arg-type]
    if kind is Markup:
        return value  # type: ignore[return-value]
    return str(value) if kind is int else escape(value)


class Generator(CodeGenerator):
    """Writes values through ``environment.escaped``."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.escaped(")
        if finalize.src is not None:
            self.write(finalize.src)


class Values(Context):
    """Calls macros at once: what Jinja asks of anything that is called is known of them."""

    def call(self, called: Any, /, *args: Any, **given: Any) -> Any:
        """What ``called`` gives for the arguments."""
        if type(called) is not Macro:
            return super().call(called, *args, **given)
        given.pop("_loop_vars", None)
        given.pop("_block_vars", None)
        return called(self.eval_ctx, *args, **given)


__all__ = ["REVISION", "Generator", "Values", "escaped"]
