"""What is written into a page is escaped as Jinja escapes it, only sooner."""

from dataclasses import dataclass

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, pass_environment
from markupsafe import Markup, escape

from marketwright.kernel.money import Money
from marketwright.theming.loader import LayeredEnvironment
from marketwright.theming.quick import escaped


class Own(str):
    """Text that is not quite text."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value", ["<b> & 'c' \"d\"", "plain", "", Markup("<b>"), Own("<i>"), 7, True, None, 2.5, Money(100, "EUR"), ["<"]]
)
def test_a_value_is_escaped_as_markupsafe_does_it(value):
    assert escaped(value) == str(escape(value))


def test_what_a_macro_gives_is_escaped_once_and_what_it_is_given_is_never_left_out():
    text = """{% macro m(x, y="<y>") %}<p{% if caller is defined %} id={{ caller() }}{% endif %}>{{ x }}{{ y }}</p>
    {%- endmacro %}{% for k in ["<1>"] %}{{ m(k) }}{% call m(k, y=1) %}{{ k }}{% endcall %}{% endfor %}"""
    made = LayeredEnvironment(autoescape=True).from_string(text).render()
    assert made.split() == ["<p>&lt;1&gt;&lt;y&gt;</p><p", "id=&lt;1&gt;>&lt;1&gt;1</p>"]


@dataclass
class Given:
    """What a template reads."""

    name: str = "<n>"
    none: None = None


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("{{ it.name }}{{ it.none }}{{ map.name }}{{ map.items()|length }}", "&lt;n&gt;None&lt;m&gt;1"),
        ("{{ it.gone|default('<d>') }}{{ it.gone|default(none) }}{{ map.gone|default(7) }}", "&lt;d&gt;None7"),
        ("{{ gone|default('<d>') }}{{ it.none|default('no') }}", "&lt;d&gt;None"),
        ("{{ it.none|default('<b>', true) }}", "&lt;b&gt;"),
        ("{{ (it.gone|default(it)).name }}{{ it.name|default(it.gone) }}", "&lt;n&gt;&lt;n&gt;"),
        ("{{ it.gone }}", "has no attribute 'gone'"),
        ("{{ it.gone.further|default('x') }}", "has no attribute 'gone'"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1, 2) }}", "not more than 1 argument"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1, y=2) }}", "no keyword argument 'y'"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}{{ m() }}", "'x' was not provided"),
        ("{% macro m(x) %}{{ x }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, y=3) }}", "1(2,){&#39;y&#39;: 3}"),
        ("{{ next(empty) }}", "raised"),
        ("{{ env() }}", "True"),
    ],
)
def test_what_is_read_and_called_gives_what_jinja_gives(text, gives):
    @pass_environment
    def env(environment):
        return isinstance(environment, Environment)

    values = {"it": Given(), "map": {"name": "<m>"}, "next": next, "empty": iter(()), "env": env}
    for kind in (Environment, LayeredEnvironment):
        template = kind(autoescape=True, undefined=StrictUndefined).from_string(text)
        try:
            said = template.render(values)
        except (UndefinedError, TypeError) as error:
            said = str(error)
        assert gives in said, kind


def test_a_template_that_is_not_escaped_stays_so():
    assert LayeredEnvironment(autoescape=False).from_string("{{ x }}").render(x="<b>") == "<b>"
