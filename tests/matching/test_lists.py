import pytest
from sqlalchemy.exc import IntegrityError

from marketwright.features.matching import queries, service
from marketwright.features.matching.tables import HandPick
from marketwright.features.profiles import service as profiles
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.store.tables import AuditRow


def actor(market, account, *, member=False, staff=()):
    roles = {market.organisation: frozenset({"buyer"})} if member else {}
    return Actor(kind="person", id=account, name="Somebody", organisations=roles, staff=frozenset(staff))


@pytest.fixture
def scene(market):
    market.ada, market.one = market.person("Ada", "web"), market.mission("One")
    market.member = actor(market, market.owner, member=True)
    market.moderator = actor(market, market.staff("moderator"), staff=("moderator",))
    return market


def do(market, who, deed, **named):
    with market.house.database.unit(who) as uow:
        result = deed(uow, **named)
        uow.commit()
    return result


def read(market, query, *args, **named):
    with market.house.database.reading() as session:
        return query(session, *args, **named)


def test_staff_put_a_person_on_a_list_and_the_log_says_who_and_why(scene):
    do(scene, scene.moderator, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="Did it before.")
    pick = read(scene, queries.hand_picks, mission=scene.one)[scene.ada]
    assert (pick.reason, pick.by) == ("Did it before.", "Staff moderator")
    assert read(scene, queries.hand_picks, freelancer=scene.ada)[scene.one].reason == "Did it before."
    with scene.house.database.reading() as session:
        row = session.query(AuditRow).filter_by(action="match.placed_by_hand").one()
    assert row.details["reason"] == "Did it before."


def test_a_second_reason_replaces_the_first(scene):
    for reason in ("First.", "Second."):
        do(scene, scene.moderator, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason=reason)
    assert read(scene, queries.hand_picks, mission=scene.one)[scene.ada].reason == "Second."


@pytest.mark.parametrize("reason", ["", "   ", "x" * 601])
def test_nobody_is_put_on_a_list_without_a_reason_of_some_length(scene, reason):
    with pytest.raises(InvalidInput):
        do(scene, scene.moderator, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason=reason)


def test_a_client_puts_nobody_on_a_list_by_hand(scene):
    with pytest.raises(NotAllowed):
        do(scene, scene.member, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="Mine.")


def test_staff_without_the_permission_put_nobody_on_a_list(scene):
    auditor = actor(scene, scene.staff("auditor"), staff=("auditor",))
    with pytest.raises(NotAllowed):
        do(scene, auditor, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="No.")


def test_a_draft_has_no_list(scene):
    draft = scene.mission("Draft", publish=False)
    with pytest.raises(Conflict):
        do(scene, scene.moderator, service.place_by_hand, mission=draft, freelancer=scene.ada, reason="Early.")


def test_somebody_who_hides_is_put_on_no_list(scene):
    scene.write(profiles.hide, profile=scene.ada)
    with pytest.raises(NotFound):
        do(scene, scene.moderator, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="Why not.")
    with pytest.raises(NotFound):
        do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)


def test_staff_take_off_whom_staff_put_there(scene):
    do(scene, scene.moderator, service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="Yes.")
    do(scene, scene.moderator, service.take_off, mission=scene.one, freelancer=scene.ada)
    assert read(scene, queries.hand_picks, mission=scene.one) == {}
    with pytest.raises(NotFound):
        do(scene, scene.moderator, service.take_off, mission=scene.one, freelancer=scene.ada)


def test_a_reason_is_never_empty_in_the_database(scene):
    with scene.house.database.unit(scene.moderator) as uow:
        uow.session.add(HandPick(mission_id=scene.one, freelancer_id=scene.ada, by=scene.owner, reason="", at=uow.now))
        with pytest.raises(IntegrityError):
            uow.flush()


def test_a_person_stands_on_a_shortlist_once(scene):
    assert do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    assert not do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    assert read(scene, queries.shortlisted, scene.one) == {scene.ada}


def test_a_stranger_knows_of_no_shortlist(scene):
    stranger = actor(scene, scene.account("A stranger"))
    for deed, more in (
        (service.shortlist, {}), (service.unlist, {}), (service.give_thumb, {"thumb": 1}),
        (service.write_note, {"text": "Hello"}),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            do(scene, stranger, deed, mission=scene.one, freelancer=scene.ada, **more)


def test_colleagues_see_each_others_thumbs_and_notes(scene):
    colleague = actor(scene, scene.account("A colleague"), member=True)
    do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    do(scene, scene.member, service.give_thumb, mission=scene.one, freelancer=scene.ada, thumb=1)
    do(scene, colleague, service.give_thumb, mission=scene.one, freelancer=scene.ada, thumb=-1)
    do(scene, colleague, service.write_note, mission=scene.one, freelancer=scene.ada, text=" Too far away. ")
    row = read(scene, queries.shortlist, scene.one)[0]
    assert (row.up, row.down) == (["Owner of Ravel Bank"], ["A colleague"])
    assert [(n.name, n.text) for n in row.notes] == [("A colleague", "Too far away.")]


def test_a_thumb_can_be_turned_and_taken_back(scene):
    do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    for thumb in (1, -1):
        do(scene, scene.member, service.give_thumb, mission=scene.one, freelancer=scene.ada, thumb=thumb)
    assert read(scene, queries.shortlist, scene.one)[0].down
    do(scene, scene.member, service.give_thumb, mission=scene.one, freelancer=scene.ada, thumb=0)
    assert read(scene, queries.shortlist, scene.one)[0].thumbs == {}


def test_most_thumbs_come_first(scene):
    bo = scene.person("Bo", "web")
    for who in (scene.ada, bo):
        do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=who)
    do(scene, scene.member, service.give_thumb, mission=scene.one, freelancer=bo, thumb=1)
    assert [r.freelancer for r in read(scene, queries.shortlist, scene.one)] == [bo, scene.ada]


def test_a_note_is_taken_back_by_its_author_alone(scene):
    do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    note = do(scene, scene.member, service.write_note, mission=scene.one, freelancer=scene.ada, text="Good.")
    colleague = actor(scene, scene.account("A colleague"), member=True)
    with pytest.raises(NotFound):
        do(scene, colleague, service.remove_note, note=note)
    do(scene, scene.member, service.remove_note, note=note)
    assert read(scene, queries.shortlist, scene.one)[0].notes == ()


def test_thumbs_and_notes_go_with_who_is_taken_off(scene):
    do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    do(scene, scene.member, service.give_thumb, mission=scene.one, freelancer=scene.ada, thumb=1)
    do(scene, scene.member, service.write_note, mission=scene.one, freelancer=scene.ada, text="Good.")
    do(scene, scene.member, service.unlist, mission=scene.one, freelancer=scene.ada)
    do(scene, scene.member, service.shortlist, mission=scene.one, freelancer=scene.ada)
    row = read(scene, queries.shortlist, scene.one)[0]
    assert (row.thumbs, row.notes) == ({}, ())
