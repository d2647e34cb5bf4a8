"""The pages of contracts, as each side, staff and strangers see them."""

import html
import re
from io import BytesIO

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.staff import join_staff
from marketwright.features.contracts.tables import ContractDocument
from marketwright.testing.agreed import PASSWORD

SECURE = pytest.mark.plugins("standard_contracts", "permit")
SCOPED = pytest.mark.plugins("standard_contracts", "cybersecurity")
PRICED = pytest.mark.plugins("standard_contracts", "commission")


def page(response, status=200):
    assert response.status_code == status, response.get_data(as_text=True)[:800]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def lands(response, path):
    assert response.status_code == 303, page(response, response.status_code)
    assert response.headers["Location"].startswith(path)


@pytest.fixture
def client(stage, browse):
    return browse(stage.client)


@pytest.fixture
def freelancer(stage, browse):
    return browse(stage.freelancer)


def step_url(stage, transition, n=0):
    return f"/contracts/{stage.contract}/milestones/{stage.milestones[n]}/{transition}"


def document(stage):
    return stage.row().document_id


def signing(stage, **more):
    with stage.house.database.reading() as session:
        sha256 = session.get_one(ContractDocument, document(stage)).sha256
    return {"read": "1", "sha256": sha256, "password": PASSWORD, **more}


def test_a_draft_is_looked_at_and_sent_in_the_language_chosen(stage, client):
    stage.agree(100_000)
    text = page(client.get(f"/contracts/{stage.contract}/send?language=fr"))
    assert "Contrat de prestation de services" in text
    lands(client.post(f"/contracts/{stage.contract}/send", {"language": "fr"}), f"/documents/{document(stage)}"[:11])
    assert stage.row().state == "SENT"
    assert stage.row().language == "fr"


def test_nothing_is_called_under_way_before_the_contract_is_signed(stage, client):
    stage.agree(100_000, process="invoice")
    said = page(client.get(f"/contracts/{stage.contract}"))
    assert "Not begun" in said
    assert "€1,000.00 Under way" not in said


def test_showing_the_text_again_sends_nothing(stage, client):
    stage.agree(100_000)
    page(client.post(f"/contracts/{stage.contract}/send", {"language": "fr", "look": "1"}))
    assert stage.row().state == "DRAFT"


def test_a_draft_that_was_withdrawn_meanwhile_is_not_sent_and_its_page_says_why(stage, client):
    stage.agree(100_000)
    send = f"/contracts/{stage.contract}/send"
    client.post(f"/contracts/{stage.contract}/withdraw")
    page(client.post(send, {"language": "en"}, headers={"Referer": f"http://localhost{send}"}), 409)
    lands(client.get(send), f"/contracts/{stage.contract}")
    assert "has ended without being signed" in page(client.get(f"/contracts/{stage.contract}"))


def test_signing_asks_for_the_password_and_keeps_the_tick(stage, client):
    stage.agree(100_000)
    stage.send()
    refused = client.post(f"/documents/{document(stage)}/sign", signing(stage, password="wrong"))
    text = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "This is not your password." in text
    assert re.search(r'name="read"[^>]*checked', text)
    assert stage.row().state == "SENT"


def test_signing_without_saying_that_it_was_read_is_refused(stage, client):
    stage.agree(100_000)
    stage.send()
    text = page(client.post(f"/documents/{document(stage)}/sign", signing(stage, read="")), 422)
    assert "Please confirm that you have read it." in text


def test_both_sign_on_the_page_and_the_contract_is_under_way(stage, client, freelancer):
    stage.agree(100_000)
    stage.send()
    lands(freelancer.post(f"/documents/{document(stage)}/sign", signing(stage)), f"/contracts/{stage.contract}")
    assert "Read the contract, then sign it" in page(client.get(f"/contracts/{stage.contract}"))
    lands(client.post(f"/documents/{document(stage)}/sign", signing(stage)), f"/contracts/{stage.contract}")
    assert stage.row().state == "ACTIVE"
    assert "Pay the milestone in" in page(client.get(f"/contracts/{stage.contract}"))


def test_the_downloaded_bytes_are_those_that_were_signed(stage, client):
    from hashlib import sha256

    stage.signed(100_000)
    response = client.get(f"/documents/{document(stage)}/download")
    shown = page(client.get(f"/documents/{document(stage)}"))
    assert sha256(response.data).hexdigest() in shown
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_document_page_names_both_signatures(stage, client):
    stage.signed(100_000)
    text = page(client.get(f"/documents/{document(stage)}"))
    assert "Hélène Quesnoy" in text
    assert "Tomasz Wiśniewski" in text
    assert "192.0.2.7" in text


@pytest.mark.parametrize("path", ["", "/send", "/amend", "/statement.csv", "/withdraw"])
def test_a_stranger_finds_no_contract(stage, browse, path):
    stage.signed(100_000)
    with stage.unit() as uow:
        stranger = accounts.create_account(uow, email="s@x.org", name="S", locale="en", is_freelancer=True)
        uow.commit()
    assert browse(stranger).get(f"/contracts/{stage.contract}{path}").status_code == 404


def test_a_stranger_finds_no_document_and_no_step(stage, browse):
    stage.signed(100_000)
    with stage.unit() as uow:
        stranger = accounts.create_account(uow, email="s@x.org", name="S", locale="en", is_freelancer=True)
        uow.commit()
    visitor = browse(stranger)
    for path in (f"/documents/{document(stage)}", f"/documents/{document(stage)}/download",
                 f"/documents/{document(stage)}/sign", step_url(stage, "fund")):  # fmt: skip
        assert visitor.get(path).status_code == 404


def test_a_visitor_is_sent_to_sign_in(stage, browse):
    stage.signed(100_000)
    lands(browse().get(f"/contracts/{stage.contract}"), "/sign-in")


def test_a_guest_signatory_reads_and_signs_that_document_alone(stage, browse):
    stage.agree(100_000)
    sent = stage.send()
    with stage.unit() as uow:
        from marketwright.features.accounts.passwords import hash_password

        guest = accounts.create_account(
            uow, email="g@x.org", name="Guest", locale="en", is_freelancer=False,
            password_hash=hash_password(PASSWORD),
        )  # fmt: skip
        accounts.add_member(uow, organisation=stage.organisation, account=guest, roles=["signatory"], document=sent)
        uow.commit()
    visitor = browse(guest)
    assert visitor.get(f"/contracts/{stage.contract}").status_code == 404
    assert "Documents that you were asked to sign" in page(visitor.get("/contracts"))
    assert f"/documents/{sent}" in visitor.get("/contracts").text
    page(visitor.get(f"/documents/{sent}/sign"))
    lands(visitor.post(f"/documents/{sent}/sign", signing(stage)), f"/documents/{sent}")


def test_an_owner_invites_somebody_to_sign_and_gets_the_code(stage, client):
    stage.agree(100_000)
    sent = stage.send()
    lands(client.post(f"/documents/{sent}/invite", {"email": "ceo@example.org"}), f"/documents/{sent}/sign")
    assert re.search(r"code another way, by phone for example: \d{6}", page(client.get(f"/documents/{sent}/sign")))


def test_work_is_handed_over_with_a_file_that_both_can_open(stage, client, freelancer):
    stage.signed(100_000).fund()
    done = freelancer.post(
        step_url(stage, "deliver"), {"note": "Two reports", "files": (BytesIO(b"%PDF-1.4 report"), "report.pdf")},
        content_type="multipart/form-data",
    )  # fmt: skip
    lands(done, f"/contracts/{stage.contract}")
    shown = client.get(f"/contracts/{stage.contract}")
    assert "Two reports" in page(shown)
    (address,) = re.findall(r'href="(/files/[a-z0-9]+)"', shown.get_data(as_text=True))
    assert client.get(address).data == b"%PDF-1.4 report"


def test_a_refused_hand_over_keeps_what_was_typed(stage, freelancer):
    stage.signed(100_000).fund()
    refused = freelancer.post(
        step_url(stage, "deliver"), {"note": "Two reports", "files": (BytesIO(b"<svg/>"), "a.svg")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert "Two reports" in page(refused, 422)
    assert stage.milestone().state == "work"


def test_the_client_asks_for_changes_and_both_read_them(stage, client, freelancer):
    stage.signed(100_000).fund()
    stage.deliver()
    assert "Please say why" in page(client.post(step_url(stage, "ask_changes"), {"note": ""}), 422)
    lands(client.post(step_url(stage, "ask_changes"), {"note": "Annex B"}), f"/contracts/{stage.contract}")
    assert "asked for changes" in page(freelancer.get(f"/contracts/{stage.contract}"))


def test_the_page_says_what_silence_does_and_when(stage, client):
    stage.signed(100_000).fund()
    stage.deliver()
    text = page(client.get(f"/contracts/{stage.contract}"))
    assert "Your turn, until" in text
    assert "If nobody does anything, it is accepted on" in text
    assert "€1,236.00 is released" in text
    assert "Reminders go out on" in text


def test_the_other_side_reads_whom_it_waits_for(stage, freelancer):
    stage.signed(100_000).fund()
    stage.deliver()
    assert "Waiting for the client" in page(freelancer.get(f"/contracts/{stage.contract}"))


def test_a_large_acceptance_asks_for_the_password(stage, client):  # E10
    stage.signed(600_000).fund()
    stage.deliver()
    assert 'name="password"' in client.get(step_url(stage, "approve")).get_data(as_text=True)
    assert "not your password" in page(client.post(step_url(stage, "approve"), {"password": "wrong"}), 422)
    assert stage.milestone().pending == ""


def test_a_step_that_has_moved_on_is_a_conflict(stage, client):
    stage.signed(100_000)
    assert client.get(step_url(stage, "approve")).status_code == 409


def test_a_member_over_the_limit_reads_who_can_accept(stage, browse):
    stage.signed(100_000).fund()
    stage.deliver()
    with stage.unit() as uow:
        small = accounts.create_account(uow, email="a@x.org", name="Small", locale="en", is_freelancer=False)
        accounts.add_member(
            uow, organisation=stage.organisation, account=small, roles=["approver"], approval_limit=1_000
        )
        uow.commit()
    visitor = browse(small)
    assert "Hélène Quesnoy can confirm it" in page(visitor.get(step_url(stage, "approve")))
    lands(visitor.post(step_url(stage, "approve"), {}), f"/contracts/{stage.contract}")
    assert "above their limit" in page(visitor.get(f"/contracts/{stage.contract}"))


def test_the_statement_of_each_side_adds_up(stage, client, freelancer):
    stage.signed(100_000, 200_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    stage.fund(n=1)
    text = page(client.get(f"/contracts/{stage.contract}"))
    assert "Paid in €3,708.00 = held €2,472.00 + to the freelancer €1,116.00 + fees €100.00" in text
    assert "€1,116.00" in page(freelancer.get(f"/contracts/{stage.contract}"))
    sheet = client.get(f"/contracts/{stage.contract}/statement.csv").get_data(as_text=True)
    amounts = [float(row.split(",")[-3]) for row in sheet.strip().splitlines()[1:]]
    assert round(sum(amounts), 2) == 2472.00


@SECURE
def test_a_condition_is_met_on_its_page_and_lets_the_payment_through(stage, client, freelancer):
    stage.signed(100_000)
    assert "Permit to enter" in page(client.get(step_url(stage, "fund")))
    path = f"/contracts/{stage.contract}/conditions/permit.to_enter"
    done = client.post(
        path, {"text": "Targets and hours", "file": (BytesIO(b"%PDF-1.4 permit"), "permit.pdf")},
        content_type="multipart/form-data",
    )  # fmt: skip
    lands(done, f"/contracts/{stage.contract}")
    assert "Met by Hélène Quesnoy" in page(freelancer.get(f"/contracts/{stage.contract}"))
    assert "Pay in" in page(client.get(step_url(stage, "fund")))


@SCOPED
def test_what_an_authorisation_must_say_stands_above_its_form(stage, client):
    stage.signed(100_000)
    text = page(client.get(f"/contracts/{stage.contract}/conditions/cybersecurity.authorisation_to_test/paper"))
    assert "What the authorisation must say" in text
    assert text.index("What the authorisation must say") < text.index("Whose it is")


def test_the_confidential_part_opens_when_the_agreement_is_signed_on_its_page(stage, freelancer):
    path = f"/missions/{stage.mission}/confidentiality"
    shown = freelancer.get(path).get_data(as_text=True)
    assert "Confidentiality agreement" in shown
    sha256 = re.search(r'name="sha256" value="([0-9a-f]{64})"', shown)[1]
    done = freelancer.post(path, {"read": "1", "sha256": sha256, "password": PASSWORD})
    lands(done, f"/missions/{stage.mission}")
    lands(freelancer.get(path), "/documents/")


@PRICED
def test_an_extension_shows_its_price_before_it_is_sent_and_waits_for_both(stage, client, freelancer):
    stage.signed(100_000)
    path = f"/contracts/{stage.contract}/amend"
    typed = {"reason": "Two more sites", "lines-0-title": "Retest", "lines-0-amount": "780", "lines-0-due": ""}
    looked = client.post(path, {**typed, "look": "1"})
    assert "The client pays" in page(looked)
    assert "Amendment no. 1" in page(looked)
    lands(client.post(path, {**typed, "send": "1"}), f"/contracts/{stage.contract}")
    assert "Two more sites" in page(freelancer.get(f"/contracts/{stage.contract}"))


@PRICED
def test_adding_a_row_to_an_extension_keeps_what_was_typed(stage, client):
    stage.signed(100_000)
    path = f"/contracts/{stage.contract}/amend"
    shown = client.post(path, {"reason": "Why not", "lines-0-title": "Retest", "lines_add": "1"}).get_data(as_text=True)
    assert "Why not" in shown
    assert "Retest" in shown
    assert 'name="lines-1-title"' in shown


def test_staff_read_and_decide_with_their_password(stage, browse):
    stage.signed(100_000).fund()
    stage.take("ask_decision_work", stage.client, note="We disagree")
    with stage.unit() as uow:
        from marketwright.features.accounts.passwords import hash_password

        operator = accounts.create_account(
            uow, email="op@x.org", name="Op", locale="en", is_freelancer=False, password_hash=hash_password(PASSWORD)
        )
        join_staff(uow, account=operator, roles=["finance"])
        uow.commit()
    visitor = browse(operator)
    text = page(visitor.get(f"/contracts/{stage.contract}"))
    assert "Hear both sides, then decide" in text
    split, said = step_url(stage, "decide_split"), {"note": "Half", "amount": "600"}
    assert "less than all that is held" in page(visitor.post(split, said | {"amount": "1236"}), 422)
    shown = page(visitor.post(split, said | {"shown": "50000", "password": PASSWORD}))
    assert all(amount in shown for amount in ("€600.00", "€574.25", "€61.75", "€1,236.00")), shown
    page(visitor.post(split, said | {"shown": "60000"}), 422)
    lands(visitor.post(split, said | {"shown": "60000", "password": PASSWORD}), f"/contracts/{stage.contract}")
    assert stage.milestone().pending == "decide_split"


def test_the_list_puts_what_waits_for_the_reader_first(stage, client):
    stage.signed(100_000)
    text = page(client.get("/contracts"))
    assert "Your turn:" in text
    assert "Internal review" in text
    assert "No contract has ended yet" in page(client.get("/contracts?show=ended"))


def test_who_has_signed_is_not_told_to_sign_again(stage, client, freelancer):
    stage.agree(100_000)
    stage.send()
    lands(freelancer.post(f"/documents/{document(stage)}/sign", signing(stage)), "/")
    assert "Your turn:" not in page(freelancer.get("/contracts"))
    assert "Your turn:" in page(client.get("/contracts"))


@pytest.mark.parametrize("roles", [["finance"], ["signatory"]])
def test_the_list_calls_nobody_who_may_not_answer(stage, browse, roles):
    stage.signed(100_000)
    stage.fund()
    stage.deliver()
    assert "Your turn:" not in page(browse(_member(stage, roles)).get("/contracts"))


def _member(stage, roles):
    with stage.unit() as uow:
        account = accounts.create_account(uow, email="m@x.org", name="Member", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=stage.organisation, account=account, roles=roles)
        uow.commit()
    return account


def test_a_milestone_is_not_paid_in_before_its_turn(stage, client):
    stage.signed(100_000, 200_000)
    text = page(client.get(f"/contracts/{stage.contract}"))
    assert "Its turn comes after the milestone before it." in text
    assert "Pay in €1,236.00" in text
    assert "Pay in €2,472.00" not in text


@pytest.mark.plugins("standard_contracts", "dated")
def test_the_date_of_what_was_handed_in_is_shown_in_the_readers_way(stage, client, freelancer):
    stage.signed(100_000)
    path = f"/contracts/{stage.contract}/conditions/dated.insurance"
    lands(client.post(path, {"text": "Policy 12", "date": "2027-01-05"}), f"/contracts/{stage.contract}")
    assert "5 Jan 2027. Policy 12" in page(freelancer.get(f"/contracts/{stage.contract}"))


def test_an_invoice_is_read_by_both_and_by_nobody_else(stage, client, freelancer, browse):
    stage.signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    address = re.search(r'href="(/bills/[a-z0-9]+)"', client.get(f"/contracts/{stage.contract}").get_data(as_text=True))
    for visitor in (client, freelancer):
        text = page(visitor.get(address[1]))
        assert "€1,200.00" in text
        assert "Business of freelancer" in text
    with stage.unit() as uow:
        stranger = accounts.create_account(uow, email="s@x.org", name="S", locale="en", is_freelancer=True)
        uow.commit()
    assert browse(stranger).get(address[1]).status_code == 404


def test_withdrawing_ends_an_unsigned_contract(stage, freelancer):
    stage.agree(100_000)
    lands(freelancer.post(f"/contracts/{stage.contract}/withdraw"), f"/contracts/{stage.contract}")
    assert "withdrawn before both had signed" in page(freelancer.get(f"/contracts/{stage.contract}"))


def test_the_contract_page_asks_the_database_a_bounded_number_of_times(stage, client):
    from sqlalchemy import event

    stage.signed(*[100_000] * 6)
    asked = []
    event.listen(stage.house.database.reads, "before_cursor_execute", lambda *a: asked.append(a[2]))
    page(client.get(f"/contracts/{stage.contract}"))
    assert len([sql for sql in asked if "FROM clock" not in sql and "overlay_versions" not in sql]) < 36
