"""One deal of each process, played by the real services in a scratch database, as one document."""

import pytest
from click.testing import CliRunner

from marketwright.cli import group
from marketwright_sandbox.provider import Sandbox

TOML = """
plugins = ["core_matching", "commission", "standard_contracts", "sandbox"]
[marketplace]
name = "Pier Eleven"
slug = "pier"
stage = "test"
languages = ["en", "fr"]
[deal]
processes = ["milestones", "time_and_materials", "package", "trial", "invoice", "time_and_invoice"]
provider = "sandbox"
[legal]
name = "Pier SAS"
registration_number = "732829320"
vat_number = "FR44732829320"
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The command line in a marketplace whose provider must never be asked."""

    def asked(*_given):
        raise AssertionError("the provider was asked")

    for method in ("execute", "lookup", "balance"):
        monkeypatch.setattr(Sandbox, method, asked)
    (tmp_path / "marketplace.toml").write_text(TOML)
    return lambda *words: CliRunner().invoke(group, ["-C", str(tmp_path), "rehearse", *map(str, words)])


def test_every_process_is_played_to_its_end_and_printed(run, tmp_path):
    result = run("-o", tmp_path / "r.html")
    assert result.exit_code == 0, result.output
    assert "6 deals" in result.output
    page = (tmp_path / "r.html").read_text("utf-8")
    assert page.count("Every rule of the ledger holds.") == 6
    assert "Pier SAS" in page
    assert "psp_clearing" in page
    assert "SHA-256" in page
    assert "--mw-brand" in page
    assert [p for p in (tmp_path / "var").rglob("*") if p.is_file()] == []


def test_it_speaks_the_language_that_is_asked_for_and_writes_markdown(run, tmp_path):
    assert run("-o", tmp_path / "r.md", "--language", "fr", "--process", "invoice").exit_code == 0
    text = (tmp_path / "r.md").read_text("utf-8")
    assert "publie une mission" in text
    assert "Contrat de prestation" in text
    assert "#### 1. " in text
    assert "| core.work |" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-o", "r.pdf"), "ends neither in .html"),
        (("--language", "de"), "does not speak 'de'"),
        (("--process", "moon"), "is not offered"),
    ],
)
def test_wrong_input_is_named(words, says, run):
    assert says in str(run(*words).exception)


NICHES = TOML.replace('"sandbox"]', '"sandbox", "cybersecurity", "data", "ai", "country_fr"]').replace(
    '"milestones", "time_and_materials", "package", "trial", "invoice", "time_and_invoice"',
    '"engagement", "measured_delivery", "ai_evaluation"',
) + 'form = "SAS"\naddress = "1 quai de la Fosse, 44000 Nantes"\ncountry = "FR"\n'


@pytest.mark.parametrize("process", [
    "engagement", pytest.param("measured_delivery", marks=pytest.mark.slow),
    pytest.param("ai_evaluation", marks=pytest.mark.slow),
])  # fmt: skip
def test_a_niches_course_is_played_with_papers_in_the_times_that_were_agreed(run, tmp_path, process):
    (tmp_path / "marketplace.toml").write_text(NICHES)
    result = run("-o", tmp_path / "r.md", "--process", process)
    assert result.exit_code == 0, result.output
    assert "1 deals" in result.output
    text = (tmp_path / "r.md").read_text("utf-8")
    assert text.count("**Document: Invoice ") % 3 == 0  # the work, and the fee of each side
    assert "under a written mandate" in text
    assert "pays out to the " in text
    assert " receives | " in text
