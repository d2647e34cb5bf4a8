"""Every desk of the console, as staff who may do everything: what `test_every_page` asks of all other pages."""

import pytest
from tests.e2e.test_every_page import (  # noqa: F401
    test_axe_finds_nothing_on_any_page,
    test_every_card_leads_where_it_says,
    test_no_link_leads_to_an_error,
    test_no_page_scrolls_sideways_at_any_width,
    test_no_page_writes_to_the_console_or_asks_another_origin,
    walked,
)


@pytest.fixture(scope="module")
def part():
    return "desks"
