"""The worked tables of docs/money.md, run: each table under the rules that stand above it."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest

from marketwright.features.pricing.service import price
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.money import Money, money, refund_share, split
from marketwright.strategies.pricing import Deal, LineKind, Override, Part, Party, Voucher
from marketwright_commission.fees import Commission
from marketwright_commission.settings import CommissionSettings
from marketwright_commission.vat import ValueAddedTax

PAGE = (Path(__file__).parents[2] / "docs" / "money.md").read_text("utf-8")
BLOCK = re.compile(r"```toml\n(?P<toml>.*?)```|(?P<table>(?:^\|[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
TODAY = date(2026, 5, 4)
SIGNED = Override("Maud Vandenbroucke", TODAY, "a promise")


def tables():
    """(section, rules above, row as a dict) of every row of every worked table."""
    for section in PAGE.split("\n## ")[1:]:
        title, rules = section.split("\n")[0], None
        for block in BLOCK.finditer(section):
            if block["toml"] is not None:
                rules = tomllib.loads(block["toml"])
                continue
            head, _line, *rows = [[c.strip() for c in r.strip()[1:-1].split("|")] for r in block["table"].splitlines()]
            yield from ((title, rules, dict(zip(head, row, strict=True))) for row in rows)


ROWS = list(tables())


def rows_with(*columns):
    found = [(t, rules, row) for t, rules, row in ROWS if set(columns) <= set(row)]
    return [pytest.param(rules, row, id=f"{t}: {' '.join(filter(None, row.values()))}") for t, rules, row in found]


def amounts(text):
    """``333.33 + 666.67 EUR`` as amounts of money."""
    *numbers, currency = text.replace("+", " ").split()
    return [money(n, currency) for n in numbers]


def minor(text, currency):
    return [money(n.strip(), currency).amount for n in text.split("+")]


def voucher(text, currency):
    if not text:
        return ()
    side, much, *more = text.split()
    bps, off = (int(much) * 100, None) if more[:1] == ["%"] else (0, money(much, currency))
    return (Voucher("WELCOME", side, bps, off, SIGNED if "signed" in more else None),)


def deal(row, **more):
    works = amounts(row["work"])
    before = row.get("agreed before")
    known = row.get("known for")
    party = Party("FR", "standard", "FR83404833048", frozenset({row["plan"]} if row.get("plan") else ()))
    return Deal(
        works[0].currency, tuple(Part(f"Part {n}", work) for n, work in enumerate(works)),
        more.get("client", Party("FR", "standard", "FR83404833048")), more.get("freelancer", party), TODAY,
        marketplace="FR", cumulated=amounts(before)[0].amount if before else 0,
        first_contract=TODAY - timedelta(days=int(known.split()[0])) if known else None,
        categories=frozenset({row["category"]} if row.get("category") else ()),
        vouchers=voucher(row.get("code", ""), works[0].currency),
    )  # fmt: skip


def priced(rules, asked):
    settings = CommissionSettings().load(rules or {})
    made = [Entry("commission", rule(settings, None)) for rule in (Commission, ValueAddedTax)]
    return price(Plugins(pricing_rules=tuple(made)), asked)


@pytest.mark.parametrize(("rules", "row"), rows_with("work", "client fee", "freelancer fee"))
def test_fees_are_what_the_tables_say(rules, row):
    quote = priced(rules, deal(row))
    for side in ("client", "freelancer"):
        kind = LineKind(f"{side}_fee")
        assert str(quote.sum_of(kind)) == f"{row[f'{side} fee']} {quote.deal.currency}"
        if row.get(f"{side} rule"):
            assert {line.rule for line in quote.lines if line.kind is kind} == {f"commission.{row[f'{side} rule']}"}


def party(text):
    country, _, regime = text.partition(" ")
    code = country.rstrip("*")
    return Party(code, regime or "standard", "" if "*" in country else f"{code}83404833048")


@pytest.mark.parametrize(("rules", "row"), rows_with("work_tax", "client_fee_tax"))
def test_vat_is_what_the_table_says(rules, row):
    quote = priced(None, deal(row, client=party(row["client"]), freelancer=party(row["freelancer"])))
    kinds = ("work_tax", "client_fee_tax", "freelancer_fee_tax")
    assert [quote.sum_of(LineKind(k)) for k in kinds] == [money(row[k], "EUR") for k in kinds]


@pytest.mark.parametrize(("rules", "row"), rows_with("captured", "refunds"))
def test_l12_refunds_are_what_the_table_says(rules, row):
    captured = amounts(row["captured"])[0]
    fee = minor(row["fee"], captured.currency)[0]
    refunded, back = 0, []
    for part in minor(row["refunds"], captured.currency):
        refunded += part
        back.append(refund_share(fee, captured.amount, refunded, sum(back)))
    assert back == minor(row["of the fee"], captured.currency)
    assert sum(back) == fee


@pytest.mark.parametrize(("rules", "row"), rows_with("parts", "cut into"))
def test_l13_splits_are_what_the_table_says(rules, row):
    whole: Money = amounts(row["amount"])[0]
    assert list(split(whole.amount, int(row["parts"]))) == minor(row["cut into"], whole.currency)


def test_every_worked_table_is_run_by_one_of_these():
    kinds = ({"work", "client fee"}, {"work_tax", "client_fee_tax"}, {"captured"}, {"cut into"})
    prose = ({"amount", "is"}, {"what", "happens"})
    assert [row for _, _, row in ROWS if not any(kind <= set(row) for kind in kinds + prose)] == []
