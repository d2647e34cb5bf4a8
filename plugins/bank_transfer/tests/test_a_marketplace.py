"""In a marketplace: a deal that ends by an uploaded statement, and all that people get wrong on the way."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text, update

from marketwright.app import build_house
from marketwright.features.contracts.tables import ContractCondition
from marketwright.features.ledger import queries as ledger
from marketwright.kernel.errors import BadSetting, Conflict, NotFound, Unavailable
from marketwright.plugin import Money
from marketwright.testing.browse import Browse
from marketwright_bank_transfer import keeping, overview
from marketwright_bank_transfer.tables import LineRow, ShareRow

pytestmark = pytest.mark.either_engine

HOME = "/x/bank_transfer/"


NOTICE = ('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><Ntfctn><Ntry>'
          '<NtryRef>1</NtryRef><Amt Ccy="EUR">600.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-05-01</Dt>'
          "</BookgDt><AddtlNtryInf>{}</AddtlNtryInf></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>")  # fmt: skip


def bills(desk):
    return desk.queries.bills(state="")


def csv(*lines):
    """Lines of (amount, text) as a bank's CSV."""
    return "Date;Libellé;Montant\n" + "".join(f"2026-05-0{n};{t};{a}\n" for n, (a, t) in enumerate(lines, start=1))


def upload(visitor, data, name="releve.csv"):
    data = data.encode() if isinstance(data, str) else data
    return visitor.post(f"{HOME}statements", {"statement": (BytesIO(data), name)})


def took(visitor, data, **choices):
    """Upload and take; returns the page afterwards."""
    page = upload(visitor, data).location
    seen = visitor.get(page)
    assert seen.status_code == 200
    return visitor.post(page, choices, follow_redirects=True).text


def test_a_deal_ends_by_the_statement_that_shows_its_payments(stage, desk, freelancer):
    first, second = bills(desk)
    page = upload(freelancer, csv(("1 200,00", first.payment_reference), ("2400", f"facture {second.number}"))).location
    shown = freelancer.get(page).text
    assert "found by its reference" in shown
    assert first.state == "open", "looking records nothing"
    after = freelancer.post(page, {}, follow_redirects=True).text
    assert "Payments taken from the statement: 2." in after
    assert {b.state for b in bills(desk)} == {"paid"}
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "completed")
    with stage.house.database.reading() as session:
        assert ledger.balance(session, "revenue") == Money(30_000, "EUR")


def test_the_same_file_twice_has_no_second_effect(desk, freelancer):
    first, _second = bills(desk)
    data = csv(("500,00", first.payment_reference))
    took(freelancer, data)
    page = freelancer.get(upload(freelancer, data).location).text
    assert "This very file was read on" in page
    assert "Read before, left out" in page
    assert "Nothing of the statement was new" in took(freelancer, data)
    assert bills(desk)[0].left == Money(70_000, "EUR")


def test_a_line_that_comes_in_two_files_counts_once(desk, freelancer):
    first, _second = bills(desk)
    took(freelancer, csv(("500,00", first.payment_reference)))
    took(freelancer, csv(("500,00", first.payment_reference), ("100,00", first.payment_reference)))
    assert bills(desk)[0].received == Money(60_000, "EUR")


def test_two_equal_payments_of_one_day_are_two(desk, freelancer):
    first, _second = bills(desk)
    line = f"2026-05-01;{first.payment_reference};100,00\n"
    took(freelancer, "Date;Libellé;Montant\n" + line * 2)
    assert bills(desk)[0].received == Money(20_000, "EUR")


def test_a_payment_seen_before_in_another_format_is_left_out_unless_somebody_says_otherwise(desk, freelancer):
    first, _second = bills(desk)
    took(freelancer, csv(("500,00", first.payment_reference)))
    other = f"Date;Description;Amount\n01/05/2026;Transfer {first.payment_reference};500.00\n"
    assert "from another file" in freelancer.get(upload(freelancer, other).location).text
    took(freelancer, other)
    assert bills(desk)[0].received == Money(50_000, "EUR")


@pytest.mark.both_engines
def test_what_is_too_much_waits_is_used_for_another_invoice_and_can_be_taken_back(stage, desk, freelancer):
    first, second = bills(desk)
    page = took(freelancer, csv(("1500,00", first.payment_reference)))
    assert "€300.00 more than the invoice asked for" in page
    (line,) = overview.lines(desk, stage.freelancer)
    freelancer.post(f"{HOME}lines/{line.id}/use", {"bill": second.id})
    (line,) = overview.lines(desk, stage.freelancer)
    assert {p.number: p.amount.amount for p in line.paid} == {first.number: 120_000, second.number: 30_000}
    assert not line.rest
    share = next(p for p in line.paid if p.number == second.number)
    assert freelancer.post(f"{HOME}shares/{share.id}/undo").status_code == 303
    assert bills(desk)[1].received == Money(0, "EUR")
    closed = next(p for p in line.paid if p.number == first.number)
    assert freelancer.post(f"{HOME}shares/{closed.id}/undo").status_code == 409
    freelancer.post(f"{HOME}lines/{line.id}/close", {"how": "returned"})
    assert "€300.00 paid back to the payer" in freelancer.get(HOME).text


def test_a_payment_that_nobody_knows_waits_for_a_word(stage, desk, freelancer):
    assert "No invoice was found for €77.00" in took(freelancer, csv(("77,00", "Grand-mère")))
    (line,) = overview.lines(desk, stage.freelancer)
    assert "Choose the invoice" in freelancer.post(f"{HOME}lines/{line.id}/use", {}, follow_redirects=True).text
    freelancer.post(f"{HOME}lines/{line.id}/close", {"how": "other"})
    assert "For no invoice here" in freelancer.get(HOME).text
    assert [b.received.amount for b in bills(desk)] == [0, 0]


def test_a_person_chooses_what_a_line_pays_before_it_is_taken(desk, freelancer):
    _first, second = bills(desk)
    page = upload(freelancer, csv(("77,00", "Grand-mère"))).location
    mark = freelancer.get(page).text.partition('name="line-')[2].partition('"')[0]
    freelancer.post(page, {f"line-{mark}": second.id})
    assert bills(desk)[1].received == Money(7_700, "EUR")


@pytest.mark.parametrize(("data", "name", "says"), [
    (b"", "", "Choose the file"), (b"", "empty.csv", "The file is empty"), (b"%PDF-1.4", "a.pdf", "of the kind PDF"),
    (b"Date;Montant\n2026-05-01;abc\n", "a.csv", "Line 2:"),
    (b'<!DOCTYPE x [<!ENTITY a "b">]><Document/>', "a.xml", "document type or entities"),
])  # fmt: skip
@pytest.mark.both_engines
def test_a_wrong_file_is_refused_with_its_reason_and_nothing_is_kept(stage, desk, freelancer, data, name, says):
    response = upload(freelancer, data, name)
    assert response.status_code == 422
    assert says in response.text
    assert overview.files(desk, stage.freelancer) == []


def test_strangers_and_clients_find_no_such_page(stage, freelancer):
    assert Browse(freelancer.app).get(HOME).location == f"/sign-in?next={HOME}"
    client = Browse(freelancer.app).sign_in(stage.client)
    assert client.get(HOME).status_code == 404
    assert upload(client, csv(("1", "x"))).status_code == 404


def test_nobody_reaches_anothers_statement_line_or_share(stage, desk, freelancer):
    first, _second = bills(desk)
    page = upload(freelancer, csv(("500,00", first.payment_reference))).location
    freelancer.post(page, {})
    (line,) = overview.lines(desk, stage.freelancer)
    with pytest.raises(Conflict):
        keeping.take(desk, stage.client, page.rpartition("/")[2], {})
    deeds = (
        lambda: keeping.use(desk, "stranger", line.id, first.id),
        lambda: keeping.undo(desk, "stranger", line.paid[0].id),
        lambda: keeping.close(desk, "stranger", line.id, "other"),
    )
    for deed in deeds:
        with pytest.raises(NotFound, match="There is no such"):
            deed()


@pytest.mark.both_engines
def test_killed_between_keeping_the_lines_and_telling_the_invoices_nothing_is_lost_or_doubled(
    stage, desk, freelancer, monkeypatch
):
    first, _second = bills(desk)
    page = upload(freelancer, csv(("500,00", first.payment_reference), ("100,00", first.payment_reference))).location
    statement, calls = page.rpartition("/")[2], []
    record = type(desk.port).receive_payment

    def dies(self, plugin, bill, payment):
        calls.append(payment.key)
        if len(calls) == 2:
            record(self, plugin, bill, payment)  # recorded, and the process dies before it hears of it
            raise KeyboardInterrupt
        return record(self, plugin, bill, payment)

    monkeypatch.setattr(type(desk.port), "receive_payment", dies)
    with pytest.raises(KeyboardInterrupt):
        keeping.take(desk, stage.freelancer, statement, {})
    monkeypatch.setattr(type(desk.port), "receive_payment", record)
    keeping.tidy_up(desk)
    assert bills(desk)[0].received == Money(60_000, "EUR")
    with desk.tables.reading() as session:
        assert sorted(session.scalars(select(ShareRow.taken))) == [10_000, 50_000]
        assert len(session.scalars(select(LineRow.id)).all()) == 2


def test_an_invoice_paid_by_hand_meanwhile_takes_nothing_more_and_the_line_keeps_it(stage, desk, freelancer):
    first, _second = bills(desk)
    page = upload(freelancer, csv(("500,00", first.payment_reference))).location
    stage.take("confirm_paid", stage.freelancer)
    freelancer.post(page, {})
    (line,) = overview.lines(desk, stage.freelancer)
    assert (line.waits, line.over, line.rest.amount) == (True, True, 50_000)


def test_a_line_that_was_read_before_is_taken_once_more_where_somebody_says_that_it_is_another_one(
    stage, desk, freelancer
):
    first, second = bills(desk)
    data = csv(("500,00", first.payment_reference))
    took(freelancer, data)
    for n in (1, 2):
        page = upload(freelancer, data).location
        shown = freelancer.get(page).text
        assert "Leave it out unless it is another one" in shown
        mark = shown.partition('name="line-')[2].partition('"')[0]
        freelancer.post(page, {f"line-{mark}": second.id})
        assert [b.received.amount for b in bills(desk)] == [50_000, n * 50_000]
    took(freelancer, data)
    assert len(overview.lines(desk, stage.freelancer)) == 3


def test_two_payments_that_each_file_gives_the_same_number_are_two(desk, freelancer):
    first, second = bills(desk)
    for bill in (first, second):
        page = upload(freelancer, NOTICE.format(bill.payment_reference), "notice.xml").location
        shown = freelancer.get(page).text
        assert "Read before" not in shown
        mark = shown.partition('name="line-')[2].partition('"')[0]
        freelancer.post(page, {f"line-{mark}": keeping.AUTO})
    assert [b.received.amount for b in bills(desk)] == [60_000, 60_000]


def test_a_payment_that_is_dated_ahead_pays_nothing_until_its_day(stage, desk, freelancer):
    first, _second = bills(desk)
    day = stage.house.clock.business().date() + timedelta(days=3)
    data = f"Date;Libellé;Montant\n{day};{first.payment_reference};500,00\n"
    assert "1 is not booked yet" in freelancer.get(upload(freelancer, data).location).text
    took(freelancer, data)
    assert overview.lines(desk, stage.freelancer) == []
    stage.move(days=2)
    took(freelancer, data)
    assert bills(desk)[0].received == Money(50_000, "EUR")


def test_an_invoice_that_takes_nothing_says_why_and_so_does_the_line(stage, desk, freelancer):
    first, _second = bills(desk)
    took(freelancer, csv(("500,00", "x")))
    (line,) = overview.lines(desk, stage.freelancer)
    ahead = stage.house.clock.business().date() + timedelta(days=3)
    with desk.tables.unit() as unit:
        unit.execute(update(LineRow).values(booked_on=ahead))
        unit.commit()
    page = freelancer.post(f"{HOME}lines/{line.id}/use", {"bill": first.id}, follow_redirects=True).text
    assert "This day has not come yet." in page
    assert "The payment is recorded" not in page
    assert "It could not be recorded: This day has not come yet." in freelancer.get(HOME).text
    stage.move(days=3)
    freelancer.post(f"{HOME}lines/{line.id}/use", {"bill": first.id})
    assert bills(desk)[0].received == Money(50_000, "EUR")


def test_lines_that_wait_are_all_found_on_one_page_or_another(stage, desk, freelancer):
    day = stage.house.clock.business().date()
    took(freelancer, f"Date;Libellé;Montant\n{day - timedelta(days=9)};Unknown;777,00\n")
    took(freelancer, "Date;Libellé;Montant\n" + "".join(f"{day};nobody {n};1,{n % 100:02d}\n" for n in range(205)))
    last = overview.pages(desk, stage.freelancer)
    found = [x for n in range(1, last + 1) for x in overview.lines(desk, stage.freelancer, waits=True, page=n)]
    assert (last, len({x.id for x in found}), found[-1].amount.amount) == (5, 206, 77_700)
    assert "777.00" not in freelancer.get(HOME).text
    assert "777.00" in freelancer.get(f"{HOME}?page=99").text


def test_a_step_that_waits_for_a_condition_keeps_nobody_from_recording_what_came(stage, desk, freelancer):
    first, second = bills(desk)
    with stage.unit() as uow:
        uow.session.add(ContractCondition(
            id="c", contract_id=stage.contract, milestone_id=first.milestone, transition="confirm_paid",
            name="permit.signed_off", met_by="", met_name="", evidence="", file_id="",
        ))  # fmt: skip
        uow.commit()
    took(freelancer, csv(("1200,00", first.payment_reference), ("600,00", second.payment_reference)))
    assert [b.received.amount for b in bills(desk)] == [120_000, 60_000]
    assert freelancer.get(HOME).status_code == 200
    assert bills(desk)[0].state == "open", "people take the step once the condition is met"


def test_a_payment_that_cannot_be_recorded_yet_keeps_no_other_waiting(stage, desk, freelancer, monkeypatch):
    first, second = bills(desk)
    record = type(desk.port).receive_payment

    def away(self, plugin, bill, payment):
        if bill == first.id:
            raise Unavailable("The database does not answer.")
        return record(self, plugin, bill, payment)

    monkeypatch.setattr(type(desk.port), "receive_payment", away)
    took(freelancer, csv(("500,00", first.payment_reference), ("600,00", second.payment_reference)))
    assert [b.received.amount for b in bills(desk)] == [0, 60_000]
    with pytest.raises(Unavailable, match="could not be recorded and wait: 1"):
        keeping.tidy_up(desk)
    monkeypatch.setattr(type(desk.port), "receive_payment", record)
    keeping.tidy_up(desk)
    assert [b.received.amount for b in bills(desk)] == [50_000, 60_000]


def test_a_payment_that_was_for_something_else_is_not_too_much(stage, desk, freelancer):
    first, _second = bills(desk)
    took(freelancer, csv(("500,00", first.payment_reference)))
    (line,) = overview.lines(desk, stage.freelancer)
    freelancer.post(f"{HOME}shares/{line.paid[0].id}/undo")
    page = freelancer.get(HOME).text
    assert "No invoice was found for €500.00" in page
    freelancer.post(f"{HOME}lines/{line.id}/close", {"how": "other"})
    assert "For no invoice here" in freelancer.get(HOME).text


def test_a_payment_in_another_currency_is_for_no_invoice_though_a_person_chose_one(desk, freelancer):
    first, _second = bills(desk)
    page = upload(freelancer, f"Date;Libellé;Montant;Devise\n2026-05-01;{first.number};100,00;USD\n").location
    mark = freelancer.get(page).text.partition('name="line-')[2].partition('"')[0]
    freelancer.post(page, {f"line-{mark}": first.id})
    assert "No invoice was found for US$100.00" in freelancer.get(HOME).text


def test_what_is_too_much_may_be_for_no_invoice_here(desk, freelancer):
    first, _second = bills(desk)
    assert "It is for no invoice here" in took(freelancer, csv(("1500,00", first.payment_reference)))


def test_a_statement_that_was_looked_at_and_never_taken_is_forgotten(stage, desk, freelancer):
    page = upload(freelancer, csv(("1,00", "x"))).location
    stage.move(days=2)
    keeping.tidy_up(desk)
    assert freelancer.get(page).status_code == 303


@pytest.mark.both_engines
def test_a_person_is_given_what_is_kept_of_them_and_is_forgotten(stage, desk, freelancer):
    took(freelancer, csv(("77,00", "Grand-mère")))
    plugin = stage.house.plugins.plugin("bank_transfer")
    assert plugin.manifest.export(stage.freelancer, desk)["payments_read_from_statements"][0]["text"] == "Grand-mère"
    plugin.manifest.erase(stage.freelancer, desk)
    with stage.house.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM x_bank_transfer_lines")) == 0


def test_core_refuses_it_for_a_process_that_holds_money_and_says_why(marketplace):
    deal = replace(marketplace.deal, processes=("milestones", "invoice"), provider="bank_transfer")
    with pytest.raises(BadSetting, match="cannot hold money, and the process 'milestones' needs that"):
        build_house(replace(marketplace, plugins=("bank_transfer",), deal=deal))
