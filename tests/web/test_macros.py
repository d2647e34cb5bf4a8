"""Macros: what was typed stays, errors are tied to their field, a claim says how it is known."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from marketwright.kernel.money import Money
from marketwright.web.formats import set_currency, show_money
from marketwright.web.render import furnish

TEMPLATES = Path(__file__).resolve().parents[2] / "core" / "marketwright" / "web" / "templates"


@dataclass
class Typed:
    """A form as macros know it."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture
def environment() -> Environment:
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    furnish(made)
    made.globals.update(asset=lambda path: f"/static/{path}", csrf_token=lambda: "token")
    return made


def draw(environment: Environment, file: str, call: str, **context: Any) -> str:
    return environment.from_string(f'{{% import "ui/{file}.html" as ui %}}{{{{ ui.{call} }}}}').render(context)


def test_a_refused_field_keeps_what_was_typed_and_points_to_its_error(environment: Environment) -> None:
    form = Typed({"rate": "8o"}, {"rate": ["This is not an amount."]})
    html = draw(environment, "forms", 'money(form, "rate", "Day rate")', form=form)
    assert 'value="8o"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="f-rate-error"' in html


def test_the_list_of_errors_names_each_field_by_its_own_label_and_row(environment: Environment) -> None:
    page = """{% import "ui/forms.html" as ui %}{% call ui.form("/", errors=form) -%}
    {% call(n) ui.rows(form, "lines", "Lines", 2, one="Line") %}{{ ui.text(form, "lines-" ~ n ~ "-t", "Title") }}
    {%- endcall %}{% endcall %}"""
    with Flask(__name__).app_context():
        html = environment.from_string(page).render(form=Typed({}, {"lines-1-t": ["Please fill this in."]}))
    assert '<a href="#f-lines-1-t">Line 2, Title: Please fill this in.</a>' in html


def test_what_was_typed_is_escaped(environment: Environment) -> None:
    html = draw(environment, "forms", 'text(form, "title", "Title")', form=Typed({"title": '"><script>'}))
    assert "<script>" not in html


def test_an_optional_field_says_so_and_a_required_one_is_required(environment: Environment) -> None:
    optional = draw(environment, "forms", 'text(form, "a", "A", required=false)', form=Typed())
    required = draw(environment, "forms", 'text(form, "a", "A")', form=Typed())
    assert "(optional)" in optional
    assert " required" in required
    assert "(optional)" not in required


def test_a_password_is_never_given_back(environment: Environment) -> None:
    html = draw(environment, "forms", 'password(form, "pw", "Password")', form=Typed({"pw": "hunter2"}))
    assert "hunter2" not in html


def test_an_error_list_links_to_the_fields_and_without_errors_there_is_none(environment: Environment) -> None:
    form = Typed(errors={"rate": ["Too low."], "": ["The mission is closed."]})
    assert 'href="#f-rate"' in draw(environment, "forms", "error_summary(form)", form=form)
    assert draw(environment, "forms", "error_summary(form)", form=Typed()).strip() == ""


def test_several_choices_stay_chosen(environment: Environment) -> None:
    choices = [("ad", "Active Directory"), ("r&d", "R & D"), ("web", "Web")]
    html = draw(environment, "forms", 'chips(form, "s", "S", c)', form=Typed({"s": ["ad", "r&d"]}), c=choices)
    assert html.count(" checked") == 2


def test_a_choice_given_as_a_number_is_found_in_what_was_typed(environment: Environment) -> None:
    html = draw(environment, "forms", 'select(form, "n", "N", c)', form=Typed({"n": "2"}), c=[(1, "one"), (2, "two")])
    assert '<option value="2" selected>' in html


def test_skill_rows_are_named_as_forms_read_them(environment: Environment) -> None:
    rows = [{"key": "ad", "label": "Active Directory", "level": "4", "years": "11"}]
    html = draw(
        environment, "forms", 'skills(form, "skills", "Skills", rows, [("4", "leads")])', form=Typed(), rows=rows
    )
    assert 'name="skills-0-key" value="ad"' in html
    assert 'name="skills-0-level"' in html
    assert 'name="skills-0-years"' in html
    assert 'name="skills_remove" value="ad"' in html


def test_a_checked_claim_names_source_person_date_and_end(environment: Environment) -> None:
    claim = {
        "how": "checked",
        "source": "the register",
        "by": "Maud",
        "on": date(2026, 2, 3),
        "until": date(2028, 2, 3),
    }
    html = draw(environment, "badges", "provenance(c)", c=claim)
    assert html == "Compared with the register by Maud on 3 Feb 2026. Holds until 3 Feb 2028."


def test_no_state_of_a_claim_says_the_bare_word_verified(environment: Environment) -> None:
    kinds = ("checked", "document", "declared", "expiring", "expired", "refused")
    words = "".join(draw(environment, "badges", "known(c)", c={"how": how}) for how in kinds)
    assert ">Verified<" not in words


def test_a_negative_amount_has_a_true_minus_sign(environment: Environment) -> None:
    assert draw(environment, "deal", "amount(m)", m=Money(-65520, "EUR")) == "−€655.20"


def test_a_bar_never_leaves_its_frame(environment: Environment) -> None:
    assert 'width="100%"' in draw(environment, "charts", "bar(1.7)")
    assert 'width="0%"' in draw(environment, "charts", "bar(-1)")


def test_one_number_is_not_drawn_as_a_line(environment: Environment) -> None:
    assert 'class="none"' in draw(environment, "charts", 'sparkline([3], "x")')


def test_pages_are_left_out_in_the_middle(environment: Environment) -> None:
    pages = {"page": 7, "last": 13, "url": lambda n: f"?page={n}"}
    html = draw(environment, "lists", "pagination(p)", p=pages)
    assert [n for n in range(1, 14) if f'href="?page={n}" ' in html] == [1, 6, 7, 8, 13]


def test_a_pager_of_many_pages_looks_at_those_it_shows_alone(environment: Environment) -> None:
    asked = []
    pages = {"page": 2, "last": 25_000, "url": lambda n: asked.append(n) or f"?page={n}"}
    html = draw(environment, "lists", "pagination(p)", p=pages)
    assert [n for n in (1, 2, 3, 4, 24_999, 25_000) if f'href="?page={n}" ' in html] == [1, 2, 3, 25_000]
    assert len(asked) < 10


def test_a_single_page_needs_no_pager(environment: Environment) -> None:
    assert draw(environment, "lists", "pagination(p)", p={"page": 1, "last": 1, "url": str}).strip() == ""


def test_a_currency_in_letters_stands_apart_from_its_figures() -> None:
    assert [show_money(Money(12_500, code)) for code in ("KWD", "EUR", "JPY")] == [
        "KWD\u00a012.500", "€125.00", "JP¥12,500",
    ]  # fmt: skip


def test_an_amount_is_asked_for_in_the_sites_own_currency_where_none_is_said(environment: Environment) -> None:
    set_currency("KWD")
    try:
        assert '<span class="unit">KWD a day</span>' in draw(
            environment, "forms", 'money(form, "rate", "Rate", per="a day")', form=Typed()
        )
    finally:
        set_currency("EUR")
