"""The console speaks plainly: each deed and each job has words."""

import re
from pathlib import Path

import pytest

import marketwright
from marketwright.features.operator.deeds import ACTIONS, detail_words
from marketwright.features.operator.wording import JOB_WORDS

SOURCE = "".join(f.read_text("utf-8") for f in Path(marketwright.__file__).parent.rglob("*.py"))
NAMES = {"documents": "Documents read by our team"}


def told(name, value):
    return detail_words(name, value, names=NAMES, currency="EUR")


def test_each_deed_of_core_has_words():
    assert set(re.findall(r'\.audit\(\s*"([a-z_.]+)"', SOURCE)) - set(ACTIONS) == set()


def test_each_job_of_core_has_words(house):
    assert set(house.worker.handlers) - set(JOB_WORDS) == set()


def test_an_amount_is_shown_with_its_currency(app):
    with app.test_request_context():
        assert told("amount", 85_500) == ("amount", "€855.00")


def test_what_has_a_name_of_its_own_stands_under_its_label(app):
    with app.test_request_context():
        assert told("check", "documents") == ("check", "Documents read by our team")


@pytest.mark.parametrize(("name", "value"), [
    ("number", "g1se17yhqm2mp4sa"), ("sha256", "9f" * 32), ("command", "g1se17yhqm2mp4sa"), ("why", ""),
])  # fmt: skip
def test_an_id_or_a_key_is_left_to_the_file(app, name, value):
    with app.test_request_context():
        assert told(name, value) is None
