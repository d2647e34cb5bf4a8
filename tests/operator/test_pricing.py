"""Pricing in the console: what rules brought, what others would have brought before they are saved, and codes."""

import pytest

from marketwright.features.overlay.queries import overlay
from marketwright.features.pricing import codes

pytestmark = pytest.mark.plugins("commission")
RULES = "plugin.commission.rules"


@pytest.fixture
def admin(staff, browse):
    return browse(staff["admin"])


def sent(bps):
    """The form of two rules, the client's at ``bps``."""
    rules = (("client", "client", bps), ("own", "freelancer", "700"))
    cells = {
        f"{RULES}.{n}.{key}": value
        for n, rule in enumerate(rules)
        for key, value in zip(("name", "side", "bps"), rule, strict=True)
    }
    rows = {f"{RULES}.{n}": "1" for n in range(2)} | {f"{RULES}.{n}.measure": "deal" for n in range(2)}
    return cells | rows | {"plugin.commission.vat.operator_regime": "standard"}


def test_a_period_without_deals_says_so(admin):
    assert "Nothing was signed in this time" in admin.get("/console/pricing").text


def test_other_rules_are_tried_without_being_saved(admin, house):
    answer = admin.post("/console/settings/plugins/commission/try", sent("500"))
    assert answer.status_code == 200
    assert "Nothing is saved yet" in answer.text
    assert f'name="{RULES}.0.bps" value="500"' in answer.text
    assert [r["bps"] for r in house.plugins.plugin("commission").settings["rules"]] == [300, 700]
    with house.database.reading() as session:
        assert overlay(session, house.clock.business()).version == 0


def test_rules_out_of_bounds_are_named_at_their_form_and_not_tried(admin):
    answer = admin.post("/console/settings/plugins/commission/try", sent("900"))
    assert answer.status_code == 422
    assert "16 %" in answer.text


def test_a_code_is_made_and_ended(admin, house):
    where = "/console/pricing/codes"
    new = {"code": "spring 26", "side": "client", "rate": "1.5", "quota": "10"}
    assert admin.post(where, new).status_code == 303
    with house.database.reading() as session:
        made = codes.by_code(session, "SPRING26")
    assert (made.bps, made.quota, made.override) == (150, 10, None)
    assert "SPRING26" in admin.get(where).text
    assert admin.post(f"{where}/{made.id}/end", {}).status_code == 303
    with house.database.reading() as session:
        assert codes.by_code(session, "SPRING26").ended_at is not None


def test_a_code_below_the_bounds_asks_for_the_password_of_whoever_signs(admin, house):
    new = {"code": "FREE", "rate": "10", "why": "The first hundred", "password": "no"}
    answer = admin.post("/console/pricing/codes", new)
    assert answer.status_code == 422
    assert "type your own password" in answer.text
    with house.database.reading() as session:
        assert codes.by_code(session, "FREE") is None


def test_a_code_without_a_reduction_is_refused_at_its_field(admin):
    answer = admin.post("/console/pricing/codes", {"code": "NOTHING"})
    assert "one of the two" in answer.text


def test_plans_and_their_open_bills_have_a_page(admin):
    text = admin.get("/console/pricing/plans").text
    assert "No plan runs" in text
    assert admin.post("/console/pricing/plans/bills/nothere/paid", {}).status_code == 404
