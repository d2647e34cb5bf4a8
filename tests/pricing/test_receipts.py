"""Two receipts that both sides see."""

from dataclasses import replace
from datetime import date

import pytest

from marketwright.features.pricing.receipts import reasons, truth
from marketwright.features.pricing.service import price
from marketwright.kernel.money import Money, total
from marketwright.strategies.pricing import LineKind, Note, Override
from marketwright.testing.deals import deal, flat, plugins, share
from marketwright.web.i18n import speaking


def quote(*works):
    return price(plugins(share(300, LineKind.CLIENT_FEE), share(700), flat(20_00, LineKind.WORK_TAX)), deal(*works))


@pytest.mark.parametrize("works", [(100_00,), (100_00, 33_33, 1)])
def test_each_receipt_adds_up_to_its_total(works):
    shown = truth(quote(*works))
    for receipt in (shown.client, shown.freelancer):
        assert receipt.total == total((line.amount for line in receipt.lines), "EUR")
    assert shown.client.total == quote(*works).client_pays()
    assert shown.freelancer.total == quote(*works).freelancer_receives()


def test_what_is_taken_from_the_freelancer_is_shown_as_taken():
    assert [line.amount.amount for line in truth(quote(100_00)).freelancer.lines] == [100_00, -7_00, 20_00]


def test_a_rule_over_several_parts_is_one_line():
    assert len([line for line in truth(quote(100_00, 50_00)).client.lines if line.label.startswith("Fee, ")]) == 1


def test_two_parts_with_the_same_title_stay_two_lines():
    work = [line for line in truth(quote(100_00, 100_00)).client.lines if line.label.startswith("Part")]
    assert [line.amount.amount for line in work] == [100_00, 100_00]


def test_one_part_can_be_shown_alone():
    assert truth(quote(100_00, 50_00), part=1).client.total == Money(51_50, "EUR")


def test_rates_are_written_in_the_readers_way():
    with speaking("fr"):
        assert truth(price(plugins(share(750)), deal(100_00))).freelancer.lines[1].label == "Fee, 7,5\u00a0%"


def test_a_title_that_looks_like_a_message_is_not_translated(monkeypatch):
    words = {"Part 1": "translated"}
    monkeypatch.setattr("marketwright.features.pricing.receipts.gettext", lambda m: words.get(m, m))
    assert truth(quote(100_00)).client.lines[0].label == "Part 1"


def test_what_the_marketplace_keeps_is_said_with_its_share_of_the_work():
    shown = truth(quote(100_00))
    assert (shown.fees, shown.share) == (Money(10_00, "EUR"), 0.1)


def test_every_reason_of_a_line_is_said_and_who_signed_for_it():
    notes = (Note("%(rate)s less with the code %(code)s", {"code": "SPRING"}, 250),)
    signed = Override("Maud Vandenbroucke", date(2026, 5, 4), "the first hundred")
    fee = flat(1_00, why="rule", notes=notes, override=signed)
    with speaking("en"):
        words = truth(price(plugins(fee), deal(100_00))).freelancer.lines[1].rule
    assert words.startswith("rule; 2.5% less with the code SPRING; signed exception of Maud Vandenbroucke, ")
    assert words.endswith(": the first hundred")


@pytest.mark.parametrize(("language", "reads"), [("en", "taxed in Germany"), ("fr", "taxed in Allemagne")])
def test_a_country_is_called_by_its_name(language, reads):
    line = replace(quote(100_00).lines[0], why="taxed in %(country)s", params={"country": "DE"})
    with speaking(language):
        assert reasons(line) == reads
