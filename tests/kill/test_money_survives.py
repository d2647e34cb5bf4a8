"""Killed with -9 at every step of every movement of money, started again: nothing lost, nothing twice, nothing stuck.

E1 of the faults, in miniature: one process with a worker, a database and the sandbox. Each kill prints its step.
"""

import sys
from datetime import timedelta

import pytest
from sqlalchemy import update
from tests.kill.killing import kill_at, script

from marketwright.features.ledger import queries as ledger
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.verify import verify as verify_ledger
from marketwright.features.payments import queries
from marketwright.features.payments.jobs import sweep
from marketwright.features.payments.tables import PaymentCommand
from marketwright.features.payments.verify import verify as verify_payments
from marketwright.kernel.actors import system
from marketwright.store.tables import JobRow

teller = script("teller")

PROVIDER = ("execute:before", "execute:after", "booking", "settled")
STEPS = {
    "fund": ("reserved", "execute:before", "execute:after", "lookup:before", "lookup:after", "booking", "settled"),
    "release": ("reserved", *PROVIDER),
    "refund": ("reserved", *PROVIDER),
    "split": ("reserved", *PROVIDER),
    "payout": PROVIDER,
}
# What the referee must have seen for one hold, each exactly once.
EFFECTS = {
    "fund": ["charge"],
    "release": ["charge", "fee", "payout", "transfer"],
    "refund": ["charge", "refund"],
    "split": ["charge", "fee", "payout", "refund", "transfer"],
    "payout": ["charge", "fee", "payout", "transfer"],
}


def let_leases_run_out(till):
    with till.database.unit(system("tests")) as uow:
        gone = uow.machine_now - timedelta(minutes=5)
        uow.session.execute(update(JobRow).where(JobRow.state == "leased").values(lease_until=gone))
        uow.session.execute(update(PaymentCommand).values(lease_until=None, updated_at=gone))
        sweep(uow)
        uow.commit()


def what_is_wrong(till, folder):
    seal_all(till.database, folder / "var")
    with till.database.reading() as session:
        found = [str(f) for f in (*verify_ledger(session, folder=folder / "var"), *verify_payments(session))]
        ours = ledger.balance(session, "psp_clearing", currency="EUR").amount
    theirs = till.sandbox.balance("EUR").amount
    return found if ours == theirs else [*found, f"E14: ledger {ours}, provider {theirs}"]


@pytest.mark.parametrize("kind", STEPS)
def test_e1_e5_c8_killed_at_every_step_money_arrives_once(database_url, tmp_path, capsys, kind):
    till = teller.build(database_url, tmp_path)
    kills = dict.fromkeys(STEPS[kind], 0)
    for stop in STEPS[kind]:
        hold = f"{kind}{stop}".replace(":", "")[:16]
        teller.open_hold(till, hold)
        if kind != "fund":
            teller.reserve(till, hold, "fund")
            teller.settle(till)
        kill_at(teller, database_url, tmp_path, hold, kind, stop=stop)
        kills[stop] += 1
        let_leases_run_out(till)
        teller.settle(till)
        seen = sorted(e.effect for e in till.sandbox.books.effects() if e.hold == hold)
        assert seen == EFFECTS[kind], stop
        with till.database.reading() as session:
            held = queries.hold(session, hold)
            still_open = [c for c in queries.commands(session) if not c.settled]
        assert held.state == ("FUNDED" if kind == "fund" else "SETTLED"), stop
        assert still_open == [], stop
        assert what_is_wrong(till, tmp_path) == [], stop
    till.database.dispose()
    with capsys.disabled():
        sys.stdout.write(f"\n  kills while a {kind}: " + ", ".join(f"{s} {n}" for s, n in kills.items()) + "\n")
    assert all(kills.values())
