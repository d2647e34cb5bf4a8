"""The console's Plugins: what there is to say of each, enabling, disabling, the order."""

import pytest

from marketwright.features.desk.meters import Keeper
from marketwright.kernel.errors import PluginFailed


@pytest.fixture
def admin(desk, browse):
    return browse(desk.staff["admin"])


def test_every_plugin_is_listed_with_its_version_and_place(desk, admin):
    page = admin.get("/console/plugins").text
    for plugin in desk.house.plugins.enabled:
        assert f'href="/console/plugins/{plugin.name}"' in page
    assert "core &gt;=0.1,&lt;0.2" in page


def test_a_plugin_that_open_contracts_need_is_not_disabled_and_they_are_listed(desk, admin):
    refused = admin.post("/console/plugins/sandbox/disable", {"seen": "0"})
    assert refused.status_code == 422
    assert "is needed by open contracts: MW-" in refused.text or "is needed by open contracts" in refused.text
    assert "Open contracts that need it" in refused.text
    assert "sandbox" in admin.get("/console/plugins").text


def test_a_plugin_that_nothing_needs_is_disabled_and_enabled_again_at_the_end(app, desk, admin):
    assert admin.post("/console/plugins/evidence/disable", {"seen": "0"}).status_code == 303
    assert "Installed, not enabled" in admin.get("/console/plugins").text
    page = admin.get("/console/plugins/evidence")
    assert "not enabled" in page.text
    assert admin.post("/console/plugins/evidence/enable", {"back": "list"}).status_code == 303
    assert "It is enabled already" not in admin.get("/console/plugins").text


def test_enabling_twice_is_said_and_changes_nothing(desk, admin):
    assert "enabled already" in admin.post("/console/plugins/evidence/enable", {}).text


def test_a_plugin_moves_one_place_up(desk, admin):
    before = [p.name for p in desk.house.plugins.enabled]
    admin.post(f"/console/plugins/{before[1]}/move", {"by": "up", "back": "list"})
    page = admin.get("/console/plugins").text
    assert page.index(f"plugins/{before[1]}") < page.index(f"plugins/{before[0]}")


def test_calls_and_the_last_error_are_shown_and_the_first_page_names_the_plugin(desk, admin):
    def broken(_check):
        raise ZeroDivisionError

    entry = desk.house.plugins.vetting_checks["documents"]
    with pytest.raises(PluginFailed):
        entry.ask("explain", broken)
    desk.house.ports.get(Keeper).keep()
    page = admin.get("/console/plugins/evidence").text
    assert "Last error, in explain" in page
    assert "ZeroDivisionError" in page
    assert "The plugin evidence failed of late, in explain" in admin.get("/console").text


@pytest.mark.parametrize("role", ["auditor", "vetter", "finance"])
def test_only_admins_change_them(desk, browse, role):
    assert browse(desk.staff[role]).post("/console/plugins/evidence/disable", {}).status_code == 403


def test_a_plugin_that_is_not_there_is_not_found(desk, admin):
    assert admin.get("/console/plugins/nobody").status_code == 404
    assert admin.post("/console/plugins/nobody/enable", {}).status_code == 404
