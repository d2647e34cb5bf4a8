"""The finance page: who waits for what, until when."""

from marketwright.features.ledger.queries import balances
from marketwright.features.operator import finance
from marketwright.features.payments.unmatched import Odd, Report, keep


def test_held_money_stands_with_its_deal_whose_turn_it_is_and_when_it_goes_back(house, disagreement, browse):
    with house.database.reading() as session:
        [row, *_] = finance.held(session, house.plugins)
    page = browse(disagreement.staff["finance"]).get("/console/finance").text
    assert row.part in page
    assert row.reference in page
    assert row.turn == "operator"
    assert row.gives_back > house.clock.business()


def test_the_sum_that_is_held_is_the_ledgers(house, disagreement):
    with house.database.reading() as session:
        held = {currency: amount for currency, _n, amount in finance.held_in_all(session)}
        assert held == {"EUR": sum(r.balance.amount for r in balances(session, kind="hold"))}
        assert held["EUR"] > 0


def test_the_file_holds_what_the_page_shows(house, disagreement, browse):
    answer = browse(disagreement.staff["finance"]).get("/console/finance.csv")
    assert answer.mimetype == "text/csv"
    assert len(answer.text.splitlines()) == 2


def test_who_may_not_read_the_ledger_does_not_see_it(house, staff, browse):
    assert browse(staff["support"]).get("/console/finance").status_code == 403


def test_an_empty_marketplace_says_what_brings_the_first_row(house, staff, browse):
    assert "Nothing is held" in browse(staff["finance"]).get("/console/finance").text


def test_a_run_whose_balance_nobody_told_is_not_called_unequal(house, staff, browse):
    now = house.clock.machine()
    report = Report("sandbox", now, now, odd=(Odd("balances", "balance", "unbalanced"),), unbalanced="no route")
    keep(house, report)
    page = browse(staff["finance"]).get("/console/finance").text
    assert ("Balance not told yet" in page, "Not the same" in page) == (True, False)


def test_the_accountant_gets_the_journal_in_the_form_that_was_chosen(house, disagreement, browse):
    finance = browse(disagreement.staff["finance"])
    assert 'href="/console/finance/journal"' in finance.get("/console/finance").text
    assert "Journal for the accountant" in finance.get("/console/finance/journal").text
    asked = "/console/finance/journal/file?form={}&since=2020-01-01&until=2099-12-31"
    rows = finance.get(asked.format("csv"))
    assert rows.text.splitlines()[0].startswith("number,at,account")
    assert len(rows.text.splitlines()) > 2
    assert 'filename="ledger-20200101-20991231.csv"' in rows.headers["Content-Disposition"]


def test_wrong_days_and_forms_of_a_journal_are_said_at_their_fields(house, staff, browse):
    finance = browse(staff["finance"])
    for asked, said in (
        ("form=csv&since=2026-05-02&until=2026-05-01", "The last day comes before the first."),
        ("form=fec&since=2026-05-02&until=2026-05-03", "There is no such format."),
        ("form=csv&since=soon&until=2026-05-03", "This is not a date."),
    ):
        answer = finance.get(f"/console/finance/journal/file?{asked}")
        assert answer.status_code == 422
        assert said in answer.text
