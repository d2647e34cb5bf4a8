"""Pages of errors: what happened, and a way on."""

import html
import re

import pytest

from marketwright.web.errors import PAGES, error_page
from marketwright.web.i18n import speaking


@pytest.fixture
def failed(app, house):
    """The page of an error as the reader of ``path`` sees it."""

    def page(code, detail="", *, path="/fails", came="", method="GET", language="en"):
        headers = {"Referer": f"http://localhost{came}" if came.startswith("/") else came} if came else {}
        with app.test_request_context(path, method=method, headers=headers), speaking(language, house.catalogues):
            return error_page(code, detail).get_data(as_text=True).partition("<main")[2]

    return page


def words(page):
    """The page as it reads."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def ways(page):
    """Where the page leads on, in its order."""
    return [html.unescape(address) for address in re.findall(r'<a class="btn[^"]*" href="([^"]+)"', page)]


@pytest.mark.parametrize("code", PAGES)
def test_every_error_leads_back_to_where_the_reader_was(failed, code):
    assert ways(failed(code, came="/missions?page=2", method="POST")) == ["/missions?page=2", "/"]


@pytest.mark.parametrize("code", PAGES)
def test_who_came_from_nowhere_is_led_to_the_front_page(failed, code):
    assert ways(failed(code, method="POST")) == ["/"]


@pytest.mark.parametrize("came", [
    "https://elsewhere.example/", "http://localhost.elsewhere.example/a", "//x/y", "nonsense",
])  # fmt: skip
def test_no_error_leads_to_another_site(failed, came):
    assert ways(failed(404, came=came)) == ["/"]


def test_a_form_that_failed_leads_back_to_itself(failed):
    form = "/me/profile/photo"
    assert ways(failed(413, path=form, came=form, method="POST"))[0] == form


def test_a_page_that_is_not_there_does_not_lead_to_itself(failed):
    assert ways(failed(404, path="/gone", came="/gone")) == ["/"]


@pytest.mark.parametrize("code", [500, 503])
def test_a_page_that_broke_can_be_tried_again(failed, code):
    assert ways(failed(code, path="/missions?page=2", came="/"))[0] == "/missions?page=2"


def test_a_conflict_says_what_keeps_it_first(failed):
    page = words(failed(409, "You have 20 services already; take one away first."))
    assert "Not possible as things stand You have 20 services already" in page
    assert "Someone was quicker" not in page


def test_an_address_that_belongs_to_a_button_says_so(failed):
    assert "It belongs to a button or a form" in words(failed(405))
    assert "ne s’ouvre pas seule" in words(failed(405, language="fr"))


def test_an_address_of_a_button_opened_by_itself_answers_405(browse):
    assert browse().get("/sign-out").status_code == 405
