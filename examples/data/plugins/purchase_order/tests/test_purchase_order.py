"""The field is there in each language of the marketplace, asked for of nobody, and private."""

import marketwright_purchase_order as plugin
import pytest


@pytest.fixture
def field():
    return plugin.register_fields(settings={})[0]


def test_the_enabled_plugin_brings_the_field(site):
    assert "purchase_order" in [entry.it.name for entry in site.house.plugins.fields]


def test_the_field_has_a_label_in_each_language_of_the_marketplace(site, field):
    assert set(site.house.marketplace.languages) <= set(field.label)


def test_nobody_must_fill_it_in_and_no_visitor_reads_it(field):
    assert not field.required
    assert field.private
