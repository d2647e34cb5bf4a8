"""Slots: a closed list of places, filled in one call, escaped; a plugin that fails costs only what it shows."""

import logging
from datetime import date
from types import ModuleType

import pytest
from markupsafe import Markup

from marketwright.hooks.calls import Meters
from marketwright.kernel.errors import BadSetting
from marketwright.plugin import Manifest, SlotFill, hookimpl
from marketwright.web.fragments import FRAGMENTS, Card, Key, card
from marketwright.web.slots import required, slot


class Badge(SlotFill):
    slot = "freelancer.card"
    template = "slots/badge.html"

    def fill(self, ids):
        return {}


@pytest.fixture
def plugin(tmp_path):
    """``plugin("one", Fill, …)`` is a module whose templates are ``{text}`` in brackets of its name."""

    def make(name, *fills, template="[%s {{ text }}]"):
        folder = tmp_path / "plugins" / name
        (folder / "templates" / "slots").mkdir(parents=True)
        (folder / "templates" / "slots" / "badge.html").write_text(template.replace("%s", name), "utf-8")
        module = ModuleType(name)
        module.__file__ = str(folder / "__init__.py")
        module.manifest = Manifest(name=name, summary="A plugin of the tests.")
        module.register_slots = hookimpl(register_slots_of(fills))
        return module

    return make


def register_slots_of(fills):
    def register_slots(settings):
        return list(fills)

    return register_slots


def shown(app, *ids, name="freelancer.card"):
    with app.test_request_context("/"):
        app.preprocess_request()
        return [str(slot(name, i, ids)) for i in ids]


@pytest.fixture
def calls():
    """What ``fill`` was asked for, by any badge of the test."""
    Asked.calls = []
    return Asked.calls


class Asked(Badge):
    calls: list = []

    def fill(self, ids):
        self.calls.append(ids)
        return {i: {"text": f"<b>{i}</b>"} for i in ids if i != "nobody"}


def test_all_ids_of_a_page_are_filled_in_one_call(themed, plugin, calls):
    one = plugin("one", Asked)
    assert len(shown(themed({}, plugins=["one"], modules={"one": one}), "a", "b", "nobody")) == 3
    assert calls == [("a", "b", "nobody")]


def test_what_a_plugin_shows_on_a_kept_card_is_asked_for_on_each_page(themed, plugin, calls):
    app = themed({}, plugins=["one"], modules={"one": plugin("one", Asked)})
    key = Key("freelancer", "a", (1,), "en", "", ("one",), "anonymous", date(2026, 5, 4))
    kept = app.extensions[FRAGMENTS]

    def macro(view, among):
        return Markup("<li>{}</li>").format(slot("freelancer.card", view, among))

    def page():
        with app.test_request_context("/"):
            app.preprocess_request()
            return str(card(app.jinja_env, Card("a", key, "a", kept.get(key)), macro, ["a", "b"]))

    assert page() == page() == "<li>[one &lt;b&gt;a&lt;/b&gt;]</li>"
    assert calls == [("a", "b"), ("a", "b")]
    assert "one" not in kept.get(key)


def test_what_a_plugin_gives_is_escaped(themed, plugin, calls):
    app = themed({}, plugins=["one"], modules={"one": plugin("one", Asked)})
    assert shown(app, "a") == ["[one &lt;b&gt;a&lt;/b&gt;]"]


def test_an_id_left_out_shows_nothing(themed, plugin, calls):
    app = themed({}, plugins=["one"], modules={"one": plugin("one", Asked)})
    assert shown(app, "nobody") == [""]


def test_each_plugin_is_rendered_in_its_own_namespace_in_the_order_of_the_numbers(themed, plugin, calls):
    class First(Asked):
        order = 1

    modules = {"one": plugin("one", Asked), "two": plugin("two", First)}
    app = themed({}, plugins=["one", "two"], modules=modules)
    assert shown(app, "a")[0].startswith("[two ")
    assert "[one " in shown(app, "a")[0]


def test_an_unknown_slot_stops_the_start_and_the_list_is_named(themed, plugin):
    class Lost(Badge):
        slot = "freelancer.nose"

    with pytest.raises(BadSetting, match=r"plugin one: Lost: there is no slot 'freelancer.nose'.*freelancer\.card"):
        themed({}, plugins=["one"], modules={"one": plugin("one", Lost)})


def test_a_template_that_the_plugin_does_not_have_stops_the_start(themed, plugin):
    class Lost(Badge):
        template = "slots/nowhere.html"

    with pytest.raises(BadSetting, match=r"plugin one: Lost: its template 'slots/nowhere.html' is not in"):
        themed({}, plugins=["one"], modules={"one": plugin("one", Lost)})


class Raises(Badge):
    def fill(self, ids):
        return 1 / 0


class Nonsense(Badge):
    def fill(self, ids):
        return ["text"]


@pytest.mark.parametrize(("broken", "says"), [(Raises, "ZeroDivisionError"), (Nonsense, "returned list")])
def test_a_fill_that_fails_is_logged_under_its_plugin_and_costs_only_itself(
    themed, plugin, calls, caplog, broken, says
):
    modules = {"one": plugin("one", broken), "two": plugin("two", Asked)}
    app = themed({}, plugins=["one", "two"], modules=modules)
    with caplog.at_level(logging.WARNING):
        assert shown(app, "a") == ["[two &lt;b&gt;a&lt;/b&gt;]"]
    assert "plugin one" in caplog.text
    assert says in caplog.text


def test_a_template_that_fails_is_counted_as_an_error_of_its_plugin(themed, plugin, calls):
    app = themed({}, plugins=["one"], modules={"one": plugin("one", Asked, template="{{ nothing.here }}")})
    meters: Meters = app.extensions["marketwright"].plugins.meters
    assert shown(app, "a", "b") == ["", ""]
    meter = meters.by_hook["one", "fill freelancer.card"]
    assert "slots/badge.html" in meter.last_error


def test_a_page_that_asks_for_a_slot_off_the_list_fails(app):
    with app.test_request_context("/"), pytest.raises(LookupError, match=r"no slot 'x.y'"):
        slot("x.y", "a")


def test_a_required_slot_escapes_lines_and_keeps_markup():
    assert "<p>&lt;b&gt;</p>" in required("site.legal", ["<b>"])
    with pytest.raises(LookupError, match="no required slot"):
        required("site.joke", [])
