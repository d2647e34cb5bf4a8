"""Every page of accounts opens, in both languages, for whom it is for."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.either_engine

OPEN = ("/sign-up", "/sign-up?side=client", "/sign-in", "/forgot", "/confirm")
MINE = ("/me", "/me/settings", "/me/security", "/me/business", "/organisations/new")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", OPEN)
def test_a_visitor_opens(path: str, language: str, browse: Callable[..., Any]) -> None:
    visitor = browse()
    visitor.get(f"/language/{language}")
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("path", MINE)
def test_a_person_opens(path: str, language: str, browse: Callable[..., Any], make_person: Callable[..., str]) -> None:
    visitor = browse(make_person(is_freelancer=True))
    visitor.get(f"/language/{language}")
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("page", ["", "/edit", "/identity", "/members", "/members/{owner}"])
def test_an_owner_opens_a_page_of_the_organisation(
    page: str, browse: Callable[..., Any], make_client: Callable[..., tuple[str, str]]
) -> None:
    organisation, owner = make_client()
    assert browse(owner).get(f"/organisations/{organisation}{page.format(owner=owner)}").status_code == 200


@pytest.mark.parametrize("page", ["", "/edit", "/identity", "/members", "/members/{owner}"])
def test_a_stranger_finds_no_such_organisation(
    page: str,
    browse: Callable[..., Any],
    make_client: Callable[..., tuple[str, str]],
    make_person: Callable[..., str],
) -> None:
    organisation, owner = make_client()
    stranger = browse(make_person("Sam Stranger"))
    assert stranger.get(f"/organisations/{organisation}{page.format(owner=owner)}").status_code == 404


@pytest.mark.parametrize("path", MINE)
def test_a_visitor_is_sent_to_sign_in_first(path: str, browse: Callable[..., Any]) -> None:
    answer = browse().get(path)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")
