"""One deal from proposal to its end, on this marketplace's own process, fees, documents and conditions."""

from marketwright.testing.golden import golden_deal, ledger_findings


def test_a_deal_runs_to_its_end_and_the_ledger_adds_up(site):
    deal = golden_deal(site.house)
    assert deal.row().state == "ENDED"
    assert ledger_findings(site.house) == []
    contract = site.browse(deal.client).get(f"/contracts/{deal.contract}")
    assert contract.status_code == 200
