from datetime import UTC, date, datetime

import pytest
from marshmallow import ValidationError

from marketwright.web.fields import LAST, DateField
from marketwright.web.formats import show_date, show_datetime
from marketwright.web.i18n import speaking


def test_a_date_that_the_index_cannot_hold_is_refused():
    assert (LAST - date(1970, 1, 1)).days == 0xFFFF
    assert DateField().deserialize(LAST.isoformat()) == LAST
    with pytest.raises(ValidationError, match="out of range"):
        DateField().deserialize("2149-06-07")


@pytest.mark.parametrize(("day", "style", "reads"), [
    (date(2026, 5, 1), "d MMM y", "1er mai 2026"), (date(2026, 5, 1), "EEEE d MMMM", "vendredi 1er mai"),
    (date(2026, 5, 11), "d MMMM y", "11 mai 2026"), (date(2026, 5, 1), "MMMM y", "mai 2026"),
    (date(2026, 5, 1), "d", "1"),
])  # fmt: skip
def test_the_first_of_a_month_reads_as_french_writes_it(day, style, reads):
    with speaking("fr"):
        assert show_date(day, style) == reads


def test_a_moment_of_the_first_does_too():
    with speaking("fr"):
        assert show_datetime(datetime(2026, 5, 1, 8, tzinfo=UTC)) == "1er mai 2026, 10:00"


def test_the_first_of_a_month_is_a_plain_number_in_english():
    assert show_date(date(2026, 5, 1)) == "1 May 2026"
