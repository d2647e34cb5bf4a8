"""The bench ranks in every engine alike, and finds what the scan finds."""

import json

import pytest
from click.testing import CliRunner

from marketwright.cli import bench_search
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


@pytest.mark.parametrize("words", [
    "--seed -1", "--growth -5", "--profiles 5", "--missions 0", "--pg nonsense", "--pg postgresql://127.0.0.1:1/none",
])  # fmt: skip
def test_what_cannot_be_measured_is_named(words):
    done = CliRunner().invoke(command, ["--profiles", "100", "--missions", "1", *words.split()])
    assert done.exit_code == 2, done.output
    assert words.split()[0] in done.output


@pytest.mark.slow
def test_the_search_page_is_measured_over_http_and_answers_while_the_index_is_made_anew(tmp_path):
    words = ["--profiles", "60", "--requests", "5", "--folder", str(tmp_path), "--json"]
    done = CliRunner().invoke(bench_search.command, words)
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert set(found["ratios"]) == {"whole", "cached", "uncached"}
    assert all(share > 0 for share in found["ratios"].values())
    assert found["rebuild_finished"]
    assert found["rebuild_answers"] > 0 == found["rebuild_failures"]
    assert 0 < found["own_mb"] < 60
    assert "fill_s" not in json.loads(CliRunner().invoke(bench_search.command, [*words, "--no-rebuild"]).output)
