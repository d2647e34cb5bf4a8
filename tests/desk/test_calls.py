"""Whatever a plugin does, it costs only what it was for."""

import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

from marketwright.hooks import calls
from marketwright.hooks.calls import Meters, Question, call, call_in_turn
from marketwright.hooks.installed import check_manifest, fits
from marketwright.hooks.manager import Entry, load_plugins
from marketwright.kernel.errors import BadSetting, NotFound, PluginFailed
from marketwright.plugin import Inbox, Job, Manifest, hookimpl
from marketwright.testing import make_desk


def hang(gate):
    gate.wait(30)
    return "late"


@pytest.fixture
def gate():
    made = threading.Event()
    yield made
    made.set()


def test_an_answer_in_time_is_the_answer():
    assert call(Meters(), "mine", "lines", lambda: 7) == 7


def test_a_call_that_hangs_is_left_behind_and_named(gate):
    with pytest.raises(PluginFailed, match=r"mine failed in score: no answer within 0.05 s"):
        call(Meters(), "mine", "score", lambda: hang(gate), 0.05)


def test_a_plugin_whose_calls_hang_is_not_called_until_one_comes_back(gate):
    meters = Meters()
    for _ in range(calls.MOST_LEFT):
        with pytest.raises(PluginFailed):
            call(meters, "mine", "score", lambda: hang(gate), 0.01)
    with pytest.raises(PluginFailed, match="of its calls hang"):
        call(meters, "mine", "score", lambda: 7)
    assert call(meters, "another", "score", lambda: 7) == 7
    gate.set()
    for thread in [t for t in threading.enumerate() if t.name == "plugin"]:
        thread.join(0.05)
    assert call(meters, "mine", "score", lambda: 7) == 7


def test_a_question_that_hangs_is_not_asked_again_before_it_comes_back(gate):
    meters = Meters()

    def asked():
        questions = [Question(meters, "mine", "score", "score slow", lambda: hang(gate)),
                     Question(meters, "mine", "score", "score good", lambda: 7)]  # fmt: skip
        return call_in_turn(questions, 0.05)

    slow, good = asked()
    assert (slow.reason, good) == ("no answer within 0.05 s", 7)
    still, good = asked()
    assert (still.reason, good) == ("its last call hangs; it is asked again when that comes back", 7)
    gate.set()
    for thread in [t for t in threading.enumerate() if t.name == "plugin"]:
        thread.join(0.05)
    assert asked() == ["late", 7]


def test_a_plugin_that_ends_the_process_ends_its_call():
    with pytest.raises(PluginFailed, match="SystemExit"):
        call(Meters(), "mine", "lines", lambda: sys.exit(3))


def test_calls_time_and_errors_are_counted_by_hook():
    meters = Meters()
    call(meters, "mine", "lines", lambda: 1)
    with pytest.raises(ZeroDivisionError):
        call(meters, "mine", "lines", lambda: 1 // 0)
    meter = meters.by_hook["mine", "lines"]
    assert (meter.calls, meter.errors) == (2, 1)
    assert meter.last_error.startswith("ZeroDivisionError")
    assert meter.seconds >= meter.longest > 0


def test_a_refusal_meant_for_people_is_no_error_of_the_plugin():
    meters = Meters()

    def refuse(_it):
        raise NotFound("There is no such thing.")

    with pytest.raises(NotFound):
        Entry("mine", None, meters).ask("lines", refuse)
    assert meters.by_hook["mine", "lines"].errors == 0


@pytest.mark.parametrize(
    ("wanted", "version", "answer"),
    [("", "0.1.0", True), (">=0.1,<0.2", "0.1.0", True), (">=0.1,<0.2", "0.2.0", False), (">=0.1,<0.2", "0.10", False),
     ("==0.1", "0.1.0", True), ("!=0.1.0", "0.1", False), ("<1", "0.1.0.dev3", True), ("banana", "0.1.0", False)],
)  # fmt: skip
def test_the_core_range_of_a_manifest(wanted, version, answer):
    assert fits(wanted, version) is answer


def test_a_plugin_for_another_core_stops_the_start_with_its_name_and_both_versions():
    with pytest.raises(BadSetting, match=r"plugin mine: it works with marketwright >=9, this is 0\.1"):
        check_manifest(Manifest(name="mine", summary="", core=">=9"), "0.1.0")


@pytest.mark.parametrize("change", [{"reads": ("souls",)}, {"acts": ("pay",)}, {"personal_data": ("thoughts",)}])
def test_a_manifest_that_declares_what_core_does_not_know_is_refused(change):
    with pytest.raises(BadSetting, match="its manifest declares"):
        check_manifest(Manifest(name="mine", summary="", **change))


@pytest.mark.parametrize("inbox", [Inbox(), Inbox(header="x"), Inbox(header="x", secrets=("NOT_DECLARED",)),
                                   Inbox(header="x", scheme="md5", secrets=("S",))])  # fmt: skip
def test_an_inbox_that_could_not_check_a_signature_is_refused(inbox):
    with pytest.raises(BadSetting, match="inbox"):
        check_manifest(Manifest(name="mine", summary="", inbox=inbox, secrets=("S",)))


def load(tmp_path, **hooks):
    made = ModuleType("mine")
    made.manifest = Manifest(name="mine", summary="A plugin of the tests.")
    for name, function in hooks.items():
        function.__name__ = name
        setattr(made, name, hookimpl(function))
    return load_plugins(["mine"], {}, lambda m, s: make_desk(m, s, Path(tmp_path)), {"mine": made})


def test_a_plugin_that_hangs_at_the_start_stops_it_with_its_name(tmp_path, monkeypatch, gate):
    monkeypatch.setattr("marketwright.hooks.manager.AT_START", 0.05)
    with pytest.raises(BadSetting, match=r"plugin mine: register_pricing_rules\(\) failed: no answer"):
        load(tmp_path, register_pricing_rules=lambda settings: hang(gate))


def test_a_job_of_a_kind_that_is_no_word_is_refused(tmp_path):
    with pytest.raises(BadSetting, match="no short word"):
        load(tmp_path, register_jobs=lambda settings: [Job("two words", print)])
