"""A sample of the drill of payments, on real processes: nothing is lost, done twice, drifted or stuck."""

import pytest

from marketwright.testing.drill.double import command_of, default_provider
from marketwright.testing.drill.orders import Orders
from marketwright.testing.drill.run import drill

ZEROS = {"acked_lost": 0, "double_effects": 0, "ledger_drift": 0, "stuck": 0}
RACES = ("fund, double click", "pay against pay later", "redirect against webhook", "release, double click",
         "release against the bank's dispute", "release against refund, decided")  # fmt: skip


@pytest.fixture
def server(request, empty_database_url):
    """Where the drill makes its database."""
    return "sqlite" if request.config.getoption("--database") == "sqlite" else empty_database_url


def test_kills_races_messages_and_faults_lose_and_double_nothing(server):
    provider = default_provider()
    told = drill(Orders(
        provider, command_of(provider, ()), server, kills=4, races=1, only_races=RACES, webhooks=40, faults=True,
        only_faults=("reset_after",), seed=4, hurry=True, banks=False,
    ))  # fmt: skip
    assert (told.verdict.tales(), told.verdict.counts()) == ({}, ZEROS)
    assert (told.kills.total(), told.races.total(), told.webhooks.total()) == (4, len(RACES), 40)
    assert told.faults["reset_after"] > 0
