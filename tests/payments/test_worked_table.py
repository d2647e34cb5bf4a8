"""docs/payments.md: its table is what the ledger says, its lists are those of the code."""

import re
from pathlib import Path

import pytest

from marketwright.features.payments import service
from marketwright.features.payments.inbox import take_fact
from marketwright.kernel.actors import system
from marketwright.plugin import CommandKind, FactKind, Money
from marketwright.testing.decided import decided
from marketwright_sandbox.deeds import Deeds

PAGE = (Path(__file__).parents[2] / "docs" / "payments.md").read_text("utf-8")
K = CommandKind


def table(first):
    """The rows of the table whose first heading is ``first``: cells by heading."""
    lines = PAGE[PAGE.index(f"| {first} |") :].split("\n\n")[0].splitlines()
    heads, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(heads, row, strict=True)) for row in rows]


ACCOUNTS = {"freelancer owes": "receivable:freelancer1", "client owes": "receivable:client1",
            "payable": "payable:freelancer1"}  # fmt: skip


class Story:
    """One deal, told step by step."""

    def __init__(self, till):
        self.till, self.deeds = till, Deeds(till.wire.sandbox.books)
        self.hold, self.funding, self.dispute = till.open("worked"), "", ""

    def take(self, step):
        word, _, amount = step.partition(" ")
        minor = int(amount or 0) * 100
        if word in ("win", "lose"):
            self.deeds.do(word, self.dispute)
        elif word == "dispute":
            self.dispute = self.deeds.do(word, self.funding)
        elif word == "take_back":
            self.deeds.do(word, self.funding)
        elif word == "return_payout":
            self.deeds.do(word, self.payout())
        elif word in ("arrive", "cost", "adjust"):
            self.deeds.do(word, self.funding if word == "arrive" else "", amount=minor, currency="EUR")
        else:
            getattr(self, word)(minor)
        entry = self.till.plugins.payment_providers["sandbox"]
        for fact in self.till.facts():
            if fact.kind is not FactKind.ANSWER or word == "arrive":
                take_fact(self.till, entry, fact)

    def payout(self, _minor=0):
        command = next(c.id for c in self.till.commands(self.hold) if c.kind is K.PAYOUT)
        self.till.run(command)
        return command

    def ask(self, _minor):
        self.funding = self.till.reserve(self.hold, K.FUND)
        self.till.run(self.funding)

    def fund(self, _minor):
        self.funding = self.till.fund(self.hold)

    def release(self, _minor):
        self.till.do(self.hold, K.RELEASE)

    def refund(self, _minor):
        self.till.do(self.hold, K.REFUND)

    def refund_later(self, minor):
        with self.till.database.unit(system("tests")) as uow:
            command = service.reserve_refund_after_release(
                uow, hold=self.hold, amount=minor, by="person:anna",
                cause=decided(uow, hold=self.hold, amount=Money(minor, "EUR")),
            )  # fmt: skip
            uow.commit()
        if not self.till.effects("payout"):
            self.payout()  # not sent while money goes back
        self.till.run(command)


@pytest.mark.parametrize("row", table("what happened"), ids=lambda row: row["what happened"])
def test_the_table_is_what_the_ledger_says(till, row):
    story = Story(till)
    for step in row["what happened"].split(", "):
        story.take(step)
    said = {h: int(cell or 0) * 100 for h, cell in row.items() if h != "what happened"}
    found = {h: till.balance(ACCOUNTS.get(h, f"hold:{story.hold}" if h == "hold" else h)) for h in said}
    assert found == said
    assert till.findings() == []


def test_every_command_and_every_fact_is_in_its_table():
    assert {row["command"].strip("`") for row in table("command")} == {str(k) for k in CommandKind}
    named = " ".join(row["fact"] for row in table("fact"))
    assert set(re.findall(r"`(\w+)`", named)) == {str(k) for k in FactKind}
