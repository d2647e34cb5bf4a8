"""Settings in the console: forms from the schemas, where each value comes from, rows without a script, undo."""

import re

import pytest

from marketwright.features.overlay import changing
from marketwright.kernel.actors import Actor
from marketwright.running import running
from marketwright.settings.marketplace import Source

RULE = "plugin.commission.rules"


@pytest.fixture
def admin(staff, browse):
    return browse(staff["admin"])


@pytest.fixture
def at_work(app):
    return lambda: running(app).current.house


def typed(page):
    """What a browser would send of the page's settings form, unchanged."""
    text = page.text.partition('<form class="form card"')[2].partition("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input [^>]*>|<textarea.*?</textarea>|<select.*?</select>", text, re.DOTALL):
        name = re.search(r'name="([^"]+)"', tag)
        if not name or " disabled" in tag.partition(">")[0] or name[1] == "csrf_token":
            continue
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        if tag.startswith("<select"):
            picked = re.search(r'<option value="([^"]*)" selected', tag)
            value = picked[1] if picked else ""
        elif tag.startswith("<textarea"):
            value = tag.partition(">")[2].removesuffix("</textarea>").strip("\n")
        else:
            value = re.search(r'value="([^"]*)"', tag)[1]
        sent.setdefault(name[1], []).append(value)
    return sent


def test_a_name_is_changed_and_worn_at_once(admin):
    page = admin.get("/console/settings")
    done = admin.post("/console/settings/group/marketplace", typed(page) | {"marketplace.name": "Lighthouse"})
    assert done.status_code == 303
    after = admin.get("/console/settings").text
    assert "Lighthouse" in after.partition("</title>")[2]
    assert "From the console: Person of admin" in after


@pytest.mark.parametrize("group", ["marketplace", "access", "deal", "legal", "mail", "gates"])
def test_sending_a_form_as_it_is_changes_nothing(admin, at_work, group):
    page = admin.get(f"/console/settings/group/{group}")
    assert admin.post(f"/console/settings/group/{group}", typed(page)).status_code == 303
    assert at_work().marketplace.source.overlay == {}


@pytest.mark.plugins("core_matching", "commission", "standard_contracts", "evidence", "sandbox")
@pytest.mark.parametrize("name", ["core_matching", "commission", "standard_contracts", "evidence", "sandbox"])
def test_sending_the_settings_of_a_plugin_as_they_are_changes_nothing(admin, at_work, name):
    page = admin.get(f"/console/settings/plugins/{name}")
    done = admin.post(f"/console/settings/plugins/{name}", typed(page))
    assert done.status_code == 303, done.text[done.text.index("error-summary"):][:600]
    assert at_work().marketplace.source.overlay == {}


def test_a_wrong_value_is_kept_as_typed_with_the_reason_beside_it(admin, at_work):
    page = admin.get("/console/settings/group/deal")
    refused = admin.post("/console/settings/group/deal", typed(page) | {"deal.proposal_days": "900"})
    assert refused.status_code == 422
    assert 'value="900"' in refused.text
    assert "From 1 to 90, please." in refused.text
    assert at_work().marketplace.deal.proposal_days == 14


def test_a_wrong_value_is_refused_in_french_too(admin):
    sent = typed(admin.get("/console/settings/group/deal")) | {"deal.proposal_days": "bientôt"}
    refused = admin.post("/console/settings/group/deal", sent, headers={"Accept-Language": "fr"})
    assert refused.status_code == 422


@pytest.mark.settings(source=Source(locked=("deal.*",)))
def test_what_the_file_locks_is_shown_and_not_taken(admin, at_work):
    page = admin.get("/console/settings/group/deal")
    assert "This is locked in marketplace.toml." in page.text
    admin.post("/console/settings/group/deal", typed(page) | {"deal.proposal_days": "30"})
    assert at_work().marketplace.deal.proposal_days == 14


def test_an_auditor_sees_the_settings_and_cannot_save_them(staff, browse):
    auditor = browse(staff["auditor"])
    assert "Only admins change settings." in auditor.get("/console/settings").text
    assert auditor.post("/console/settings/group/deal", {"deal.proposal_days": "30"}).status_code == 403


def test_a_gate_asks_for_a_check(admin, at_work):
    page = admin.get("/console/settings/group/gates")
    admin.post("/console/settings/group/gates", typed(page) | {"gates.propose": ["documents"]})
    assert at_work().marketplace.gates == {"propose": ("documents",)}


def test_what_is_for_new_deals_may_begin_later(admin, at_work):
    page = admin.get("/console/settings/group/deal")
    assert "for new deals" in page.text
    sent = typed(page) | {"deal.proposal_days": "30", "starts": "2099-01-01"}
    assert admin.post("/console/settings/group/deal", sent).status_code == 303
    assert at_work().marketplace.deal.proposal_days == 14
    assert "2099" in admin.get("/console/settings/history").text


def test_a_day_that_has_passed_is_refused(admin):
    sent = typed(admin.get("/console/settings/group/deal")) | {"deal.proposal_days": "30", "starts": "2001-01-01"}
    assert "This day has passed" in admin.post("/console/settings/group/deal", sent).text


@pytest.fixture
def theirs(at_work, staff):
    """Somebody else of the staff changes settings."""
    other = Actor(kind="person", id=staff["moderator"], name="Otto Other", staff=frozenset(["admin"]))
    return lambda **changes: changing.save(at_work(), other, {f"marketplace.{k}": v for k, v in changes.items()})


def test_a_form_that_somebody_else_overtook_is_not_saved_over_theirs(admin, at_work, theirs):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Mine"}
    theirs(name="Theirs")
    refused = admin.post("/console/settings/group/marketplace", sent)
    assert refused.status_code == 422
    assert "Otto Other changed this while you were writing" in refused.text
    assert 'value="Mine"' in refused.text
    assert '<p class="pre">Theirs</p>' in refused.text
    assert at_work().marketplace.name == "Theirs"


def test_saving_the_settings_again_puts_mine_in_the_place_of_theirs(admin, at_work, theirs):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Mine"}
    theirs(name="Theirs")
    again = typed(admin.post("/console/settings/group/marketplace", sent))
    assert admin.post("/console/settings/group/marketplace", again).status_code == 303
    assert at_work().marketplace.name == "Mine"


def test_a_setting_that_somebody_else_changed_and_i_did_not_stays(admin, at_work, theirs):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Mine"}
    theirs(time_zone="Europe/Lisbon")
    assert admin.post("/console/settings/group/marketplace", sent).status_code == 303
    assert (at_work().marketplace.name, at_work().marketplace.time_zone) == ("Mine", "Europe/Lisbon")


def test_saving_again_after_a_refusal_keeps_what_they_changed_alone(admin, at_work, theirs):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Mine"}
    theirs(name="Theirs", time_zone="Europe/Lisbon")
    again = typed(admin.post("/console/settings/group/marketplace", sent))
    admin.post("/console/settings/group/marketplace", again)
    assert (at_work().marketplace.name, at_work().marketplace.time_zone) == ("Mine", "Europe/Lisbon")


def test_what_is_fixed_is_still_shown_when_a_form_is_refused(admin, at_work):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Mine", "starts": "no day"}
    refused = admin.post("/console/settings/group/marketplace", sent)
    assert f'value="{at_work().marketplace.slug}"' in refused.text


def test_a_mistake_in_between_does_not_hide_that_somebody_else_was_first(admin, at_work, theirs):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Mine", "starts": "no day"}
    theirs(name="Theirs")
    mended = typed(admin.post("/console/settings/group/marketplace", sent)) | {"starts": ""}
    assert admin.post("/console/settings/group/marketplace", mended).status_code == 422
    assert at_work().marketplace.name == "Theirs"


@pytest.mark.plugins("commission")
def test_rows_are_added_ordered_and_removed_without_a_script(admin):
    where = "/console/settings/plugins/commission"
    page = admin.get(where)
    assert page.text.count('class="row-box') == 2
    more = admin.post(where, typed(page) | {"do": f"add:{RULE}"})
    assert more.text.count('class="row-box') == 3
    moved = typed(admin.post(where, typed(more) | {"do": f"down:{RULE}:0"}))
    assert (moved[f"{RULE}.0.name"], moved[f"{RULE}.1.name"]) == (["freelancer"], ["client"])
    fewer = admin.post(where, moved | {"do": f"remove:{RULE}:0"})
    assert typed(fewer)[f"{RULE}.0.name"] == ["client"]


@pytest.mark.plugins("commission")
def test_commission_rules_are_saved_in_their_order_and_an_empty_row_is_left_out(admin, at_work):
    where = "/console/settings/plugins/commission"
    sent = typed(admin.post(where, typed(admin.get(where)) | {"do": f"add:{RULE}"}))
    sent |= {f"{RULE}.0.bps": "500", f"{RULE}.1.bps": "800"}
    assert admin.post(where, sent).status_code == 303
    assert [r["bps"] for r in at_work().plugins.plugin("commission").settings["rules"]] == [500, 800]


@pytest.mark.plugins("commission")
def test_a_mistake_in_a_row_stands_beside_its_field(admin):
    where = "/console/settings/plugins/commission"
    refused = admin.post(where, typed(admin.get(where)) | {f"{RULE}.1.bps": "-4"})
    assert refused.status_code == 422
    assert f'id="s-{RULE}.1.bps-error"' in refused.text


@pytest.mark.plugins("commission")
def test_vat_rates_by_country_are_a_table_of_free_keys(admin, at_work):
    where, key = "/console/settings/plugins/commission", "plugin.commission.vat.rates"
    sent = typed(admin.post(where, typed(admin.get(where)) | {"do": f"add:{key}"}))
    assert admin.post(where, sent | {f"{key}.0.key": "BE", f"{key}.0.value": "2100"}).status_code == 303
    assert at_work().plugins.plugin("commission").settings["vat"]["rates"] == {"BE": 2100}


def test_the_history_takes_a_change_back(admin, at_work):
    sent = typed(admin.get("/console/settings")) | {"marketplace.name": "Lighthouse", "note": "A better name"}
    admin.post("/console/settings/group/marketplace", sent)
    page = admin.get("/console/settings/history").text
    assert "A better name" in page
    assert admin.post("/console/settings/history/1/undo").status_code == 303
    assert at_work().marketplace.name == "Testing"
    assert "undone by 2" in admin.get("/console/settings/history").text


def test_unknown_groups_plugins_and_versions_are_not_there(admin):
    for path in ("group/plugin", "group/nowhere", "plugins/nowhere"):
        assert admin.get(f"/console/settings/{path}").status_code == 404
    assert admin.post("/console/settings/history/9/undo").status_code == 404
