import pytest
from sqlalchemy import select

from marketwright.features.accounts.ports import Gate
from marketwright.features.missions import queries, service
from marketwright.features.missions.brief import Wanted
from marketwright.features.missions.writing import stored_brief
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotAllowed, NotFound
from marketwright.settings.marketplace import Access
from marketwright.store.tables import EventRow

APPROVAL = pytest.mark.settings(access=Access(missions="approval"))


def events(people, mission):
    query = select(EventRow.name, EventRow.payload).where(EventRow.subject == mission).order_by(EventRow.at)
    return [(row.name, row.payload) for row in people.read(lambda s: s.execute(query).all())]


def brief(people, mission):
    return people.read(lambda s: stored_brief(s, queries.mission(s, mission)))


def test_a_draft_keeps_everything_that_was_said(people):
    said = brief(people, people.draft())
    assert (said.title, said.budget, said.questions) == (
        "Test our inner network", 78_000, ("Have you done this in a hospital?",),
    )  # fmt: skip
    assert said.skills == (Wanted("pen", must=True, level=3), Wanted("net", must=False))
    assert said.confidential == "The plan of the **network**."


def test_a_draft_may_lack_everything(people):
    assert people.mission(people.draft(title="", description="", budget=None, skills=())).state == "draft"


def test_publishing_tells_what_is_lacking_and_changes_nothing(people):
    mission = people.draft(budget=None, skills=(Wanted("net", must=False),), city="")
    with pytest.raises(InvalidInput) as refused:
        people.do(lambda u: service.publish(u, mission=mission), people.clara)
    assert set(refused.value.errors) == {"budget", "skills", "city"}
    assert people.mission(mission).state == "draft"


def test_a_published_mission_is_seen_and_told(people):
    mission = people.published()
    assert people.mission(mission).state == "published"
    assert [name for name, _ in events(people, mission)] == ["mission.published"]


@APPROVAL
def test_where_staff_approve_a_mission_waits_for_them(people):
    mission = people.published()
    assert people.mission(mission).state == "waiting"
    people.do(lambda u: service.approve(u, mission=mission), people.stella, staff=frozenset({"moderator"}))
    assert people.mission(mission).state == "published"


@APPROVAL
def test_a_refused_mission_goes_back_with_the_reason(people):
    mission = people.published()
    people.do(
        lambda u: service.refuse(u, mission=mission, reason="Say who reads the report."), people.stella,
        staff=frozenset({"moderator"}),
    )  # fmt: skip
    row = people.mission(mission)
    assert (row.state, row.refusal) == ("draft", "Say who reads the report.")


@APPROVAL
def test_its_author_cannot_approve_their_own_mission(people):
    mission = people.published()
    with pytest.raises(NotAllowed):
        people.do(lambda u: service.approve(u, mission=mission), people.clara)


@APPROVAL
def test_nor_can_one_of_the_staff_who_belongs_to_its_organisation(people):
    mission = people.published()
    with pytest.raises(NotAllowed, match="themselves"):
        people.do(lambda u: service.approve(u, mission=mission), people.clara, staff=frozenset({"moderator"}))


def test_a_shut_gate_names_what_is_missing_and_keeps_the_draft(people):
    class Shut:
        def missing(self, session, gate, subject_kind, subject_id):
            return (Missing("register", "Found in the register"),) if subject_kind == "organisation" else ()

    people.house.ports.fill(Gate, Shut())
    mission = people.draft()
    with pytest.raises(GateClosed) as shut:
        people.do(lambda u: service.publish(u, mission=mission), people.clara)
    assert [m.check for m in shut.value.missing] == ["register"]
    assert people.mission(mission).state == "draft"


def test_pausing_and_resuming(people):
    mission = people.published()
    people.do(lambda u: service.pause(u, mission=mission), people.clara)
    assert people.mission(mission).state == "paused"
    people.do(lambda u: service.resume(u, mission=mission), people.clara)
    assert people.mission(mission).state == "published"


def test_a_mission_closes_with_a_reason_that_everybody_concerned_gets(people):
    mission = people.published()
    with pytest.raises(InvalidInput):
        people.do(lambda u: service.close(u, mission=mission, reason=" "), people.clara)
    people.do(lambda u: service.close(u, mission=mission, reason="No budget until May."), people.clara)
    assert events(people, mission)[-1] == ("mission.closed", {"reason": "No budget until May."})


def test_what_has_ended_cannot_be_done_again(people):
    mission = people.published()
    people.do(lambda u: service.fill(u, mission=mission), people.clara)
    for deed in (service.pause, service.fill, service.publish):
        with pytest.raises(Conflict):
            people.do(lambda u, deed=deed: deed(u, mission=mission), people.clara)


def test_an_edit_of_what_others_see_tells_them_what_changed(people):
    mission = people.published()
    changed = brief(people, mission)
    people.do(
        lambda u: service.edit(u, mission=mission, brief=changed.__class__(**{**_parts(changed), "budget": 60_000})),
        people.clara,
    )
    assert events(people, mission)[-1] == ("mission.changed", {"changed": ["budget"]})


def test_saving_without_a_change_tells_nobody(people):
    mission = people.published()
    same = brief(people, mission)
    assert people.do(lambda u: service.edit(u, mission=mission, brief=same), people.clara) == ()
    assert len(events(people, mission)) == 1


def test_a_published_mission_stays_complete(people):
    mission = people.published()
    less = brief(people, mission).__class__(**{**_parts(brief(people, mission)), "budget": None})
    with pytest.raises(InvalidInput):
        people.do(lambda u: service.edit(u, mission=mission, brief=less), people.clara)


def test_the_second_of_two_editors_hears_of_the_first(people):
    mission = people.draft()
    seen = people.mission(mission).version
    first = brief(people, mission).__class__(**{**_parts(brief(people, mission)), "title": "A better title"})
    people.do(lambda u: service.edit(u, mission=mission, brief=first, version=seen), people.clara)
    with pytest.raises(Conflict):
        people.do(lambda u: service.edit(u, mission=mission, brief=first, version=seen), people.clara)


def _parts(of):
    return {name: getattr(of, name) for name in of.__dataclass_fields__}


def test_other_organisations_do_not_learn_that_a_mission_is_there(people):
    mission = people.draft()
    with pytest.raises(NotFound):
        people.do(lambda u: service.publish(u, mission=mission), people.stranger)


def test_members_without_the_role_are_told_so(people):
    mission = people.draft()
    with pytest.raises(NotAllowed):
        people.do(lambda u: service.publish(u, mission=mission), people.fred)


def test_inviting_twice_is_one_invitation(people):
    mission = people.published(visibility="invited")
    invite = [people.do(lambda u: service.invite(u, mission=mission, freelancer=people.anna), people.clara)
              for _ in range(2)]  # fmt: skip
    assert invite == [True, False]
    assert [i.freelancer_id for i in people.read(lambda s: queries.invitations(s, mission))] == [people.anna]


def test_only_a_freelancer_is_invited(people):
    mission = people.published()
    with pytest.raises(NotFound):
        people.do(lambda u: service.invite(u, mission=mission, freelancer=people.fred), people.clara)


def test_a_skill_named_twice_stands_once(people):
    mission = people.draft(skills=(Wanted("pen"), Wanted("pen", must=False), Wanted("net")))
    assert [s.id for s in people.read(lambda s: queries.skills_of(s, mission, "en"))] == ["pen", "net"]


def test_the_card_says_what_a_stranger_may_know(people):
    mission = people.published(named=False)
    (card,) = people.read(lambda s: queries.mission_cards(s, [mission], "fr"))
    assert (card.client, card.client_id) == ("un port, 2 300 personnes, Calais", "")
    assert [s.label for s in card.skills] == ["Test d'intrusion", "Segmentation réseau"]
    assert "*" not in card.summary


def test_figures_of_a_client_count_what_was_seen_and_filled(people):
    people.draft()
    people.published()
    mission = people.published()
    people.do(lambda u: service.fill(u, mission=mission), people.clara)
    counts = people.read(lambda s: queries.client_counts(s, people.organisation))
    assert (counts.seen, counts.open, counts.filled) == (2, 1, 1)
