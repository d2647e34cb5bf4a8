"""The bench ranks in every engine alike, and finds what the scan finds."""

import json

from click.testing import CliRunner

from marketwright.cli.bench_matching import command


def test_the_engines_agree_and_the_ratios_have_their_names():
    done = CliRunner().invoke(command, ["--profiles", "2000", "--missions", "12", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["mismatches"] == found["ratios"]["mismatches"] == 0
    named = {"sql_p50", "sql_p99", "door", "bytes_per_posting", "bytes_per_profile", "open_ms", "pending", "reverse"}
    assert named <= found["ratios"].keys()
    assert {"sqlite_normalised", "sqlite_fts5"} <= set(found["plans"])
    assert found["indexes"]["sqlite"]
