"""Statements of ISO 20022, in every version, and what pretends to be one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright_bank_transfer.keeping import fingerprints
from marketwright_bank_transfer.reading import read_statement
from marketwright_bank_transfer.statement import Unreadable

TODAY = date(2026, 6, 30)
VERSIONS = [f"{n:02d}" for n in range(2, 14)]


def details(amount="", text="", reference="", payer="", *, new=True, ident=""):
    name = f"<Dbtr>{'<Pty>' if new else ''}<Nm>{payer}</Nm>{'</Pty>' if new else ''}</Dbtr>" if payer else ""
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    own = (f'<Amt Ccy="EUR">{amount}</Amt>' if new else
           f'<AmtDtls><TxAmt><Amt Ccy="EUR">{amount}</Amt></TxAmt></AmtDtls>') if amount else ""
    refs = f"<Refs><AcctSvcrRef>{ident}</AcctSvcrRef></Refs>" if ident else ""
    said = f"<Ustrd>{text}</Ustrd>" if text else ""
    return f"<TxDtls>{refs}{own}<RltdPties>{name}</RltdPties><RmtInf>{said}{structured}</RmtInf></TxDtls>"


def ntry(amount, *parts, side="CRDT", status="BOOK", new=True, ccy="EUR", day="<Dt>2026-06-03</Dt>", ref="B1", more=""):
    booked = f"<Sts><Cd>{status}</Cd></Sts>" if new else f"<Sts>{status}</Sts>"
    inner = f"<NtryDtls>{''.join(parts)}</NtryDtls>" if parts else ""
    return (f'<Ntry><Amt Ccy="{ccy}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}{booked}<BookgDt>{day}</BookgDt>'
            f"<AcctSvcrRef>{ref}</AcctSvcrRef>{inner}</Ntry>")


def camt(*entries, version="08", kind="053"):
    outer, inner = {"053": ("BkToCstmrStmt", "Stmt"), "052": ("BkToCstmrAcctRpt", "Rpt"),
                    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[kind]
    return (f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.'
            f'{version}"><{outer}><GrpHdr/><{inner}><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct>'
            f'{"".join(entries)}</{inner}></{outer}></Document>').encode()


def read(data, **limits):
    return read_statement(data, currency="EUR", today=TODAY, **limits)


def refused(data, **limits):
    with pytest.raises(Unreadable) as caught:
        read(data, **limits)
    return [(p.line, str(p.says)) for p in caught.value.problems]


@pytest.mark.parametrize("kind", ["052", "053", "054"])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_reads_the_same(kind, version):
    new = int(version) >= 8
    found = read(camt(ntry("1200.00", details("1200.00", "Merci", "RF18X", "Sambre", new=new), new=new),
                      ntry("900", side="DBIT", new=new), version=version, kind=kind))  # fmt: skip
    (e,) = found.entries
    assert (e.amount.amount, e.payer, e.reference, e.text, e.bank_id) == (120_000, "Sambre", "RF18X", "Merci", "B1")
    assert (found.outgoing, found.account) == (1, "FR7630006000011234567890189")


def test_a_batch_is_told_apart_where_its_parts_add_up():
    parts = details("700.00", "one", ident="P1"), details("500.00", "two")
    found = read(camt(ntry("1200.00", *parts)))
    assert [(e.amount.amount, e.text, e.bank_id) for e in found.entries] == [
        (70_000, "one", "P1"), (50_000, "two", ""),
    ]  # fmt: skip


def test_only_the_banks_own_id_tells_payments_apart_and_not_a_number_that_counts_from_one_in_each_file():
    running = "<NtryRef>1</NtryRef>"
    (first,) = read(camt(ntry("5.00", details(text="one"), ref="", more=running))).entries
    (second,) = read(camt(ntry("5.00", details(text="two"), ref="", more=running))).entries
    assert (first.bank_id, first.unique) == ("", False)
    assert fingerprints([first]) != fingerprints([second])


def test_a_payment_with_the_banks_own_id_is_the_same_whatever_else_a_file_says():
    (first,) = read(camt(ntry("5.00", details(text="one"), ref="B7"))).entries
    (second,) = read(camt(ntry("5.00", details(text="one", payer="Sambre"), ref="B7"))).entries
    assert fingerprints([first]) == fingerprints([second])


@pytest.mark.parametrize("ref", ["NONREF", "notprovided"])
def test_an_id_that_says_that_there_is_none_is_none(ref):
    (e,) = read(camt(ntry("5.00", ref=ref))).entries
    assert not e.unique


def test_an_entry_that_is_booked_ahead_is_not_booked_yet():
    found = read(camt(ntry("5.00", day="<Dt>2026-07-01</Dt>"), ntry("6.00", day="<Dt>2026-07-02</Dt>")))
    assert ([e.amount.amount for e in found.entries], found.pending) == ([500], 1)


def test_a_batch_whose_parts_do_not_add_up_stays_one_line_with_all_that_is_said():
    (e,) = read(camt(ntry("1200.00", details("700.00", "one"), details("1.00", "two")))).entries
    assert (e.amount.amount, e.text) == (120_000, "one two")


def test_what_is_not_booked_yet_waits_and_reversals_pay_nothing():
    found = read(camt(ntry("5.00", status="PDNG"), ntry("7.00", more="<RvslInd>true</RvslInd>")))
    assert (found.entries, found.pending, found.outgoing) == ((), 1, 1)


def test_a_day_with_an_hour_and_another_currency_are_read():
    (e,) = read(camt(ntry("500", ccy="JPY", day="<DtTm>2026-06-03T12:00:00+02:00</DtTm>"))).entries
    assert (e.amount.amount, e.amount.currency, e.booked_on) == (500, "JPY", date(2026, 6, 3))


@pytest.mark.parametrize(("entry", "says"), [
    (ntry("1.005"), "no amount"), (ntry("-5"), "no amount"), (ntry("NaN"), "no amount"), (ntry("1e3"), "no amount"),
    (ntry("9999999999999.00"), "no amount"), (ntry("5", ccy="XXX"), "no currency"), (ntry("5", ccy=""), "no currency"),
    (ntry("5", side="BOTH"), "credit or a debit"), (ntry("5", day="<Dt>2026-02-31</Dt>"), "no date"),
    (ntry("5", day=""), "no date"), (ntry("5", day="<Dt>2031-01-01</Dt>"), "not come yet"),
    ("<Ntry/>", "no amount"),
])  # fmt: skip
def test_a_wrong_entry_refuses_the_file_and_is_named_by_its_place(entry, says):
    ((place, reason),) = refused(camt(ntry("1.00"), entry))
    assert (place, says in reason) == (2, True)


BOMB = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' +
        b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (b, *[a] * 8)
                 for a, b in zip(b"abcdefghi", b"bcdefghij", strict=True)) + b"]><Document>&j;</Document>")  # fmt: skip
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><Document>&f;</Document>'


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><Document/>'])
def test_document_types_and_entities_are_never_read(data):  # S38
    assert "document type or entities" in refused(data)[0][1]


@pytest.mark.parametrize(("data", "says"), [
    (b"<Document>", "breaks off"), (b"<a/>", "no bank statement"), (b"<Document/>", "no bank statement"),
    (b'<?xml version="1.0" encoding="nonsense"?><Document/>', "encoding"),
    (b"<a>" * 60 + b"</a>" * 60, "too deep"), (b"<a>" * 50_000 + b"</a>" * 50_000, "too deep"),
    (b'<html xmlns="http://www.w3.org/1999/xhtml"></html>', "no bank statement"),
])  # fmt: skip
def test_other_xml_is_refused_with_its_reason(data, says):
    assert says in refused(data)[0][1]


def test_where_the_xml_breaks_off_is_named():
    assert refused(b"<Document>\n<a>\n</b>")[0][0] == 3


def test_too_many_entries_are_refused():
    assert "More than 10 entries" in refused(camt(*[ntry("1")] * 11), most_lines=10)[0][1]


@given(st.binary(max_size=300))
def test_whatever_follows_a_bracket_is_read_or_refused(tail):
    try:
        read(b"<" + tail)
    except Unreadable as error:
        found = bool(error.problems)
    else:
        found = True
    assert found
