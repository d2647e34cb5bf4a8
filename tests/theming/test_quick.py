"""What is written into a page is escaped as Jinja escapes it, only sooner."""

import pytest
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


def test_a_template_that_is_not_escaped_stays_so():
    assert LayeredEnvironment(autoescape=False).from_string("{{ x }}").render(x="<b>") == "<b>"
