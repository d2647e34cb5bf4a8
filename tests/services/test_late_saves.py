"""A service that is changed in two windows at once."""

import html
import re

import pytest

from marketwright.features.services import queries, service
from marketwright.features.services.service import Extra, Package
from marketwright.kernel.errors import InvalidInput, Overtaken
from marketwright.kernel.late import begin
from marketwright.kernel.money import Money

FORM = {
    "title": "A review of your cloud", "summary": "Two accounts, one report", "description": "What we look at.",
    "wants": "", "language": "en", "price": "1500", "days": "10", "options-0-label": "A third account",
    "options-0-price": "400", "options-0-days": "3",
}  # fmt: skip
THIRD = Extra("A third account", Money(40_000, "EUR"), 3)


def package(**more):
    said = {"title": FORM["title"], "summary": FORM["summary"], "description": FORM["description"], "language": "en",
            "price": Money(150_000, "EUR"), "days": 10, "options": (THIRD,)} | more  # fmt: skip
    return Package(**said)


def write(stage, **more):
    with stage.unit(stage.freelancer) as uow:
        made = service.write(uow, **{"package": package()} | more)
        uow.commit()
    return made


def parts(stage, made):
    with stage.house.database.reading() as session:
        return queries.parts(session, made)


def began(page):
    """What the form of the page began with, as a browser sends it."""
    return {"began": html.unescape(re.search(r'name="began" value="([^"]+)"', page.text)[1])}


def test_a_price_that_was_changed_in_another_window_is_shown_before_it_is_replaced(stage, browse):
    made, window = write(stage), browse(stage.freelancer)
    form = f"/me/services/{made}/edit"
    first = began(window.get(form))
    assert window.post(form, FORM | first | {"price": "1800"}).status_code == 303
    late = window.post(form, FORM | first | {"price": "1600"})
    assert late.status_code == 422
    assert "You changed this in another window" in late.text
    assert '<p class="pre">€1,800.00</p>' in late.text
    assert 'value="1600"' in late.text
    assert parts(stage, made)["price"] == 180_000
    assert window.post(form, FORM | began(late) | {"price": "1600"}).status_code == 303
    assert parts(stage, made)["price"] == 160_000


def test_a_late_form_is_not_published_either(stage, browse):
    made, window = write(stage), browse(stage.freelancer)
    form = f"/me/services/{made}/edit"
    first = began(window.get(form))
    window.post(form, FORM | first | {"price": "1800"})
    window.post(form, FORM | first | {"price": "1600", "publish": "1"})
    with stage.house.database.reading() as session:
        assert queries.service(session, made).state == "draft"


def test_options_that_were_changed_in_another_window_stay_where_this_one_left_them_alone(stage, browse):
    made, window = write(stage), browse(stage.freelancer)
    form = f"/me/services/{made}/edit"
    first = began(window.get(form))
    window.post(form, FORM | first | {"options-0-price": "450"})
    assert window.post(form, FORM | first | {"title": "A review of two clouds"}).status_code == 303
    now = parts(stage, made)
    assert (now["title"], now["options"]) == ("A review of two clouds", [("A third account", 45_000, 3)])


def test_options_changed_in_both_are_shown_in_words(stage, browse):
    made, window = write(stage), browse(stage.freelancer)
    form = f"/me/services/{made}/edit"
    first = began(window.get(form))
    window.post(form, FORM | first | {"options-0-price": "450"})
    late = window.post(form, FORM | first | {"options-0-price": "500"})
    assert '<p class="pre">A third account, €450.00, 3 days</p>' in late.text
    assert 'value="500"' in late.text


def test_what_is_joined_is_checked_as_a_whole(stage):
    made = write(stage)
    before = begin(parts(stage, made))
    write(stage, service=made, package=package(options=(Extra("A slow one", Money(1, "EUR"), 50),)))
    with pytest.raises(InvalidInput, match="With all options"):
        write(stage, service=made, package=package(days=40), began=before)


def test_the_service_names_what_both_changed(stage):
    made = write(stage)
    before = begin(parts(stage, made))
    write(stage, service=made, package=package(summary="Three accounts, one report", days=12))
    with pytest.raises(Overtaken) as refused:
        write(stage, service=made, package=package(summary="One account, one report"), began=before)
    assert (refused.value.parts, refused.value.taken) == (("summary",), ("days",))
