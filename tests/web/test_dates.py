from datetime import date

import pytest
from marshmallow import ValidationError

from marketwright.web.fields import LAST, DateField


def test_a_date_that_the_index_cannot_hold_is_refused():
    assert (LAST - date(1970, 1, 1)).days == 0xFFFF
    assert DateField().deserialize(LAST.isoformat()) == LAST
    with pytest.raises(ValidationError, match="out of range"):
        DateField().deserialize("2149-06-07")
