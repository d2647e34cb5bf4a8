"""S36: no pattern that reads what people type takes longer than the text is long, whatever the text.

Each is given ten thousand characters that are bad for patterns; one that squares the length needs seconds for them, so
the limit of two seconds of processor time for all of one pattern tells the two apart on any machine.
"""

import re
import signal
from contextlib import contextmanager
from importlib import import_module
from pkgutil import walk_packages

import pytest

import marketwright
from marketwright.features.messaging.leaks import find_leaks

LENGTH, LIMIT = 10_000, 2.0
UNITS = ("a", "0", " ", "\n", ".", "-", "+", "@", "_", "/", "a.", "a ", "0 ", "a . ", "a@", "[x](", "<a ", " \n", "a,",
         "--")  # fmt: skip
# Read once at the start, from what the operator or an author wrote.
OURS = ("marketwright.hooks.", "marketwright.settings.", "marketwright.store.", "marketwright.testing.",
        "marketwright.theming.", "marketwright.cli", "marketwright.baking")  # fmt: skip


def patterns():
    found = {}
    for module in walk_packages(marketwright.__path__, "marketwright."):
        if module.name.startswith(OURS) or module.name == "marketwright.__main__":
            continue
        for name, value in vars(import_module(module.name)).items():
            for one in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,):
                if isinstance(one, re.Pattern) and isinstance(one.pattern, str):
                    found.setdefault((one.pattern, one.flags), f"{module.name}.{name}")
    return found


@contextmanager
def limited(what):
    def stop(*_):
        pytest.fail(f"{what} is slow on some texts")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


TEXTS = [(unit * LENGTH)[:LENGTH] + end for unit in UNITS for end in ("", "!")]


def test_no_pattern_is_slow_on_a_text_that_is_made_for_it():
    found = patterns()
    assert len(found) > 40
    for (pattern, flags), where in found.items():
        with limited(f"{where} {pattern!r}"):
            for text in TEXTS:
                re.compile(pattern, flags).search(text)


def test_no_message_keeps_the_search_for_contact_details_busy():
    with limited("find_leaks"):
        for unit in ("+", "a . ", " dot ", "0-", "one ", "call 0", "a@", "http://a@b ", "signal = "):
            find_leaks((unit * LENGTH)[:LENGTH])
