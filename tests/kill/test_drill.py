"""A sample of the drill of payments: real processes, killed at random; nothing is lost, doubled, drifted or stuck."""

import pytest

from marketwright.testing.drill.double import command_of
from marketwright.testing.drill.run import Orders, drill

ZEROS = {"acked_lost": 0, "double_effects": 0, "ledger_drift": 0, "stuck": 0}


@pytest.fixture
def server(request, empty_database_url):
    """Where the drill makes its database."""
    return "sqlite" if request.config.getoption("--database") == "sqlite" else empty_database_url


def test_web_worker_and_double_killed_at_random_moments_lose_and_double_nothing(server):
    told = drill(Orders("sandbox", command_of("sandbox", ()), server, kills=8, seed=4, hurry=True))
    assert (told.verdict.tales(), told.verdict.counts()) == ({}, ZEROS)
    assert told.kills.total() == 8
