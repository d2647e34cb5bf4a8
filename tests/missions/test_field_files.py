"""A field that is a file goes through the files room: whoever may see the mission reads it, a private one fewer."""

import io
import re
from dataclasses import replace

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.missions import service, writing
from marketwright.kernel.errors import InvalidInput
from marketwright.strategies.fields import Field, FieldForm

SCOPE = Field("mission", "scope", FieldForm.FILE, {"en": "Scope", "fr": "Périmètre"}, required=True)
PLAN = Field("mission", "plan", FieldForm.FILE, {"en": "Plan"}, private=True)
pytestmark = [pytest.mark.either_engine, pytest.mark.settings(fields=(SCOPE, PLAN))]


def send(visitor, mission, name, content=b"the scope", file="scope.txt"):
    return visitor.post(
        f"/missions/{mission}/fields/{name}", {"file": (io.BytesIO(content), file)}, content_type="multipart/form-data"
    )


def address(people, mission, name):
    return "/files/" + people.mission(mission).fields[name]["id"]


@pytest.fixture
def published(people, browse):
    """A published mission with both files."""
    mission, clara = people.draft(confidential=""), browse(people.clara)
    for name in ("scope", "plan"):
        assert send(clara, mission, name).status_code == 303
    people.do(lambda u: service.publish(u, mission=mission), people.clara)
    return mission


def test_a_required_file_is_asked_for_before_others_see_the_mission(people, browse):
    mission, clara = people.draft(), browse(people.clara)
    with pytest.raises(InvalidInput, match="Scope: keep a draft first"):
        people.do(lambda u: service.publish(u, mission=mission), people.clara)
    send(clara, mission, "scope")
    people.do(lambda u: service.publish(u, mission=mission), people.clara)
    assert people.mission(mission).state == "published"


def test_whoever_sees_the_mission_reads_its_public_file(people, published, browse):
    assert browse().get(address(people, published, "scope")).status_code == 200
    assert re.search(r'<a href="/files/[^"]+">scope.txt</a>', browse().get(f"/missions/{published}").text)


def test_a_private_file_is_for_the_client_and_who_signed(people, published, browse):
    assert browse().get(address(people, published, "plan")).status_code == 404
    assert browse(people.anna).get(address(people, published, "plan")).status_code == 404
    assert browse(people.fred).get(address(people, published, "plan")).status_code == 200
    assert people.mission(published).confidential
    assert "plan" not in browse(people.anna).get(f"/missions/{published}").text.partition("<main")[2]


def test_the_file_of_a_draft_is_not_for_strangers(people, browse):
    mission = people.draft()
    send(browse(people.clara), mission, "scope")
    assert browse(people.anna).get(address(people, mission, "scope")).status_code == 404


def test_the_file_of_a_draft_is_not_for_who_was_invited_to_sign_one_document(people, browse):
    mission = people.draft()
    send(browse(people.clara), mission, "scope")
    people.do(lambda u: accounts.add_member(u, organisation=people.organisation, account=people.anna,
                                            roles=["signatory"], document="d" * 16))  # fmt: skip
    assert browse(people.anna).get(address(people, mission, "scope")).status_code == 404
    assert browse(people.fred).get(address(people, mission, "scope")).status_code == 200


def test_saving_the_brief_keeps_its_files(people, published, browse):
    before = people.mission(published).fields
    assert "scope.txt" in browse(people.clara).get(f"/missions/{published}/edit").text
    brief = people.read(lambda s: writing.stored_brief(s, people.mission(published)))
    changed = replace(brief, title="Another title", fields={})
    assert people.do(lambda u: service.edit(u, mission=published, brief=changed), people.clara) == ("title",)
    assert people.mission(published).fields == before


def test_a_replaced_or_removed_file_is_read_by_nobody_any_more(people, published, browse):
    clara, old = browse(people.clara), address(people, published, "scope")
    send(clara, published, "scope", b"a newer scope")
    assert browse(people.anna).get(old).status_code == 404
    plan = address(people, published, "plan")
    clara.post(f"/missions/{published}/fields/plan", {"remove": "1"})
    assert browse(people.fred).get(plan).status_code == 404


@pytest.mark.parametrize(("content", "file"), [(b"", "x.txt"), (b"MZ\x90\x00\x03binary\x00\xff", "x.exe")])
def test_what_may_not_be_kept_is_refused(people, browse, content, file):
    mission, clara = people.draft(), browse(people.clara)
    send(clara, mission, "scope", content, file)
    assert people.mission(mission).fields == {}


def test_nobody_else_sends_files(people, browse):
    mission = people.draft()
    assert send(browse(people.anna), mission, "scope").status_code in (403, 404)


def test_a_name_that_is_no_file_is_not_there(people, browse):
    mission = people.draft()
    assert send(browse(people.clara), mission, "nothing").status_code == 404


@pytest.mark.both_engines
def test_removing_the_field_takes_the_files_away(people, published, browse):
    where = address(people, published, "scope")
    people.do(lambda u: writing.reshape_field(u, before=SCOPE, after=None))
    assert "scope" not in people.mission(published).fields
    assert browse(people.clara).get(where).status_code == 404
