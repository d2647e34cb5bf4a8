"""Plugins say notices in their field's own terms; what could not be said stops the start."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from marketwright.features.notifications.letters.kit import Letter, Reader
from marketwright.features.notifications.places import PLACES
from marketwright.features.notifications.post import WRITERS
from marketwright.features.notifications.wording import _reworded, check_notices
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.text import say
from marketwright.plugin import NoticeText, Role

CORE = Letter(Reader("a@example.org", "en", "a1"), say("“%(part)s” was delivered", part="Part 1"),
              (say("Look at it."), say("Until %(when)s.", when="Monday")))  # fmt: skip
FRENCH = {"The pier is built": "Le quai est construit", "Pier %(part)s": "Quai %(parti)s"}
SPEAKING = SimpleNamespace(messages=lambda language: FRENCH if language == "fr" else {})


def start(*texts, languages=("en", "fr")):
    check_notices(Plugins(notices=tuple(Entry("harbour", text) for text in texts)), SPEAKING, languages)


def test_a_plugins_words_stand_instead_of_cores_and_deadlines_stay():
    said = _reworded(CORE, [NoticeText("milestone.delivered", subject="Pier %(part)s", text="Look.", more="At once.")])
    assert said.subject == "Pier Part 1"
    assert [str(p) for p in said.paragraphs] == ["Look.", "At once.", "Until Monday."]


def test_where_several_fit_the_narrowest_says_each_part():
    wide = NoticeText("milestone.delivered", subject="Wide", text="Wide")
    narrow = NoticeText("milestone.delivered", subject="Narrow", of="milestones", to=Role.CLIENT)
    assert wide.narrow < narrow.narrow
    said = _reworded(CORE, sorted([narrow, wide], key=lambda n: n.narrow))
    assert (str(said.subject), str(said.paragraphs[0])) == ("Narrow", "Wide")


def test_a_letter_that_does_not_fill_a_place_keeps_cores_words():
    assert _reworded(CORE, [NoticeText("milestone.delivered", subject="%(days)s days")]) == CORE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (NoticeText("milestone.sunk", text="The pier is built"), "no notice of this event"),
        (NoticeText("milestone.funded", text="The pier is built", of="piers"), "of this name is enabled"),
        (NoticeText("milestone.funded", text="The pier is built", to=Role.TIMER), "neither side"),
        (NoticeText("milestone.funded"), "says nothing"),
        (NoticeText("milestone.funded", subject="Pier %(pier)s"), "has the place 'pier'"),
        (NoticeText("milestone.funded", subject="Pier %d"), "has the place"),
        (NoticeText("milestone.funded", subject="Pier %(part)s"), r"\(fr\) has the place 'parti'"),
        (NoticeText("milestone.funded", subject="A quay"), "has no translation"),
    ],
)
def test_words_that_cannot_be_said_stop_the_start_with_plugin_and_event(text, why):
    with pytest.raises(BadSetting, match=why) as refused:
        start(text)
    assert "harbour" in str(refused.value)
    assert text.event in str(refused.value)


def test_a_notice_is_worded_by_one_plugin():
    with pytest.raises(BadSetting, match="twice"):
        start(*[NoticeText("milestone.funded", text="The pier is built")] * 2)


def test_a_site_in_one_language_needs_no_translation():
    start(NoticeText("milestone.funded", subject="A quay"), languages=("en",))


def test_every_event_that_may_be_worded_has_a_letter_and_stands_in_the_docs():
    assert set(PLACES) <= set(WRITERS)
    table = Path("docs/notices.md").read_text("utf-8").partition("| event | places |")[2]
    told = {}
    for line in table.splitlines()[2:]:
        events, places = line.strip("| ").split(" | ")
        told |= dict.fromkeys(re.findall(r"`([a-z_.]+)`", events), tuple(re.findall(r"`(\w+)`", places)))
    assert told == {event: tuple(places) for event, places in PLACES.items()}
