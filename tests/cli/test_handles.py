"""A server takes as many connections as its process may open files, and asks for more files first."""

import sys

import pytest

if sys.platform == "win32":
    pytest.skip("this system does not limit open files so", allow_module_level=True)

from marketwright.cli import handles
from marketwright.cli.handles import LEAST, MOST, OTHERS, connections


@pytest.fixture
def limits(monkeypatch):
    """Set by ``limits(soft, hard)``, and read after that."""
    found = []
    monkeypatch.setattr(handles.resource, "getrlimit", lambda _what: tuple(found))
    monkeypatch.setattr(handles.resource, "setrlimit", lambda _what, given: found.__setitem__(slice(None), given))

    def limits(*given):
        found[:] = given
        return found

    return limits


def test_few_files_are_raised_to_what_a_server_needs(limits):
    said = limits(256, 4096)
    assert connections() == MOST
    assert said == [MOST + OTHERS, 4096]


def test_no_more_is_asked_for_than_the_system_allows(limits):
    said = limits(100, 300)
    assert connections() == 300 - OTHERS
    assert said == [300, 300]


def test_many_files_stay_as_they_are(limits):
    said = limits(65_536, 1_048_576)
    assert connections() == MOST
    assert said == [65_536, 1_048_576]


def test_where_there_are_too_few_a_handful_of_people_is_still_served(limits):
    limits(64, 64)
    assert connections() == LEAST


def test_a_system_that_refuses_to_raise_them_is_taken_as_it_is(limits, monkeypatch):
    limits(200, 4096)

    def refuse(_what, _given):
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(handles.resource, "setrlimit", refuse)
    assert connections() == 200 - OTHERS


def test_without_a_limit_there_is_room_for_the_most(limits):
    limits(handles.resource.RLIM_INFINITY, handles.resource.RLIM_INFINITY)
    assert connections() == MOST
