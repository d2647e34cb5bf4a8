"""Gates: what they ask of whom, what is missing and where to get it, and what happens when a verdict ends."""

from datetime import timedelta

import pytest

from marketwright.app import build_house
from marketwright.features.accounts.ports import Gate
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.profiles import queries as profiles
from marketwright.features.skills.tables import Skill
from marketwright.features.vetting import service
from marketwright.features.vetting.expiry import expire
from marketwright.kernel.actors import system
from marketwright.kernel.errors import BadSetting, GateClosed
from marketwright.plugin import Result, Verdict
from marketwright.settings.marketplace import Access
from marketwright.store.database import move_clock
from marketwright.store.tables import EventRow

pytestmark = pytest.mark.plugins("evidence")
SEED = system("tests")
PROPOSE = pytest.mark.settings(gates={"propose": ("documents",)})
APPEAR = pytest.mark.settings(gates={"appear": ("documents",)})


def missing(people, gate="propose", kind="freelancer"):
    owner = people.freelancer if kind == "freelancer" else people.organisation
    with people.house.database.reading() as session:
        return people.house.ports.get(Gate).missing(session, gate, kind, owner)


def later(people, **by):
    people.do(system("tests"), lambda u: move_clock(u, timedelta(**by)))
    people.house.clock.forget()
    return people.do(system("tests"), expire)


def events(people, name):
    with people.house.database.reading() as session:
        return session.query(EventRow).filter(EventRow.name == name).order_by(EventRow.at).all()


def listed(people):
    with people.house.database.reading() as session:
        return profiles.profile(session, people.freelancer).listed


def test_without_gates_everything_is_open(people):
    assert missing(people) == ()


@PROPOSE
def test_a_gate_says_what_is_missing_and_where_to_get_it(people):
    [lack] = missing(people)
    assert (lack.check, lack.label, lack.href) == ("documents", "Documents read by our team", "/me/checks/documents")


@PROPOSE
def test_a_client_is_sent_to_the_page_of_its_organisation(people):
    [lack] = missing(people, kind="organisation")
    assert lack.href == f"/organisations/{people.organisation}/checks/documents"


@pytest.mark.settings(gates={"appear": ("documents",), "publish": ("documents",)})
def test_a_gate_asks_only_the_side_that_stands_before_it(people):
    assert missing(people, "publish") == ()
    assert missing(people, "appear", "organisation") == ()
    assert missing(people, "appear") != ()


@PROPOSE
def test_a_gate_that_asks_nothing_stays_open(people):
    assert missing(people, "contact") == ()


@PROPOSE
def test_what_is_being_looked_at_says_so(people):
    people.hand_in("documents", about=people.claim)
    assert "being looked at" in missing(people)[0].how


@PROPOSE
def test_a_refusal_gives_its_reason(people):
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Page two is missing.")
    assert "Page two is missing." in missing(people)[0].how


@PROPOSE
def test_a_good_verdict_opens_the_gate(people):
    people.decide(people.hand_in("documents", about=people.claim))
    assert missing(people) == ()


@PROPOSE
def test_an_expired_verdict_closes_the_gate_again(people):
    people.decide(people.hand_in("documents", about=people.claim))
    later(people, days=366)
    assert "expired" in missing(people)[0].how


@APPEAR
def test_whoever_wishes_to_be_seen_is_listed_once_the_check_is_good(people):
    assert not listed(people)
    people.decide(people.hand_in("documents", about=people.claim))
    assert listed(people)


@APPEAR
def test_an_expired_check_takes_the_profile_off_the_lists_and_its_count_away(people):
    people.decide(people.hand_in("documents", about=people.claim))
    later(people, days=366)
    assert not listed(people)


def test_people_are_told_30_7_and_1_days_before_each_once(people):
    people.decide(people.hand_in("documents", about=people.claim))
    told = [later(people, days=d) for d in (300, 36, 1, 22, 1, 4, 1, 1)]
    assert [e.payload["days"] for e in events(people, "verdict.ending")] == [30, 7, 1]
    assert len(events(people, "verdict.expired")) == 1
    assert sum(told) == 4


def test_however_many_end_at_once_each_is_told_of_in_time(people, monkeypatch):
    monkeypatch.setattr("marketwright.features.vetting.queries.PART", 2)
    ends = people.house.clock.business() + timedelta(days=30)

    def seed(uow):
        for n in range(5):
            service.record(uow, check="documents", kind="client", owner=f"o{n:015d}", by=service.By("x", "x"),
                           verdict=Verdict(Result.PASSED, "a", "b", "c", ends), tell=False)  # fmt: skip

    people.do(SEED, seed)
    for days in (0, 24, 5, 2):
        later(people, days=days)
    assert [e.payload["days"] for e in events(people, "verdict.ending")] == [30] * 5 + [7] * 5 + [1] * 5
    assert len(events(people, "verdict.expired")) == 5


def test_a_verdict_that_was_renewed_in_time_tells_nobody(people):
    people.decide(people.hand_in("documents", about=people.claim))
    later(people, days=300)
    people.decide(people.hand_in("documents", about=people.claim))
    later(people, days=70)
    assert events(people, "verdict.ending") == []


@pytest.mark.settings(gates={"publish": ("documents",)})
def test_a_client_before_a_closed_gate_cannot_publish(people):
    people.do(SEED, lambda u: u.session.add(Skill(id="test.web", taxonomy="test", label_en="Web", label_fr="Web")))
    brief = Brief(
        title="Test our portal", description="All of it. " * 20, budget=600_00, duration_days=10, remote="remote",
        skills=(Wanted("test.web"),),
    )  # fmt: skip
    mission = people.do(people.as_client, lambda u: missions.draft(u, organisation=people.organisation, brief=brief))
    with pytest.raises(GateClosed) as closed:
        people.do(people.as_client, lambda u: missions.publish(u, mission=mission))
    assert [m.check for m in closed.value.missing] == ["documents"]


@pytest.mark.settings(gates={"propose": ("horoscope",)})
def test_a_gate_that_asks_for_a_check_nobody_brings_stops_the_start(marketplace):
    with pytest.raises(BadSetting, match=r"gates\.propose.*horoscope.*documents"):
        build_house(marketplace)


@pytest.mark.settings(plugins=(), gates={"propose": ("documents",)})
def test_switched_off_evidence_is_named_by_the_gate_that_still_asks_for_it(marketplace):
    with pytest.raises(BadSetting, match=r"gates\.propose"):
        build_house(marketplace)


# -- who may enter ---------------------------------------------------------------------------------------------

ON_APPROVAL = pytest.mark.settings(access=Access(freelancers="approval", clients="approval"))
BY_INVITATION = pytest.mark.settings(access=Access(freelancers="invitation"))


@ON_APPROVAL
@pytest.mark.parametrize(
    ("gate", "kind"), [("propose", "freelancer"), ("appear", "freelancer"), ("publish", "organisation")]
)
def test_on_approval_staff_let_people_in(people, gate, kind):
    assert [m.check for m in missing(people, gate, kind)] == ["approval"]
    people.decide(people.hand_in("approval", kind="freelancer" if kind == "freelancer" else "client"))
    assert missing(people, gate, kind) == ()


@ON_APPROVAL
@pytest.mark.parametrize("gate", ["start", "be_paid"])
def test_deals_under_way_ask_for_no_admission(people, gate):
    assert missing(people, gate) == ()


@BY_INVITATION
def test_by_invitation_one_side_waits_and_the_other_does_not(people):
    assert "invitation" in missing(people)[0].how
    assert missing(people, "publish", "organisation") == ()


@BY_INVITATION
def test_staff_let_somebody_in_without_having_been_asked(people):
    people.do(people.as_vetter, lambda u: service.admit(
        u, check="approval", kind="freelancer", owner=people.freelancer, reason="We know her work.",
        compared="her work", source="two of our clients"))  # fmt: skip
    assert missing(people) == ()


@pytest.mark.settings(gates={"sign_up": ("documents",)})
@pytest.mark.parametrize("gate", ["appear", "contact", "propose", "sign"])
def test_what_sign_up_asks_for_is_asked_before_anything_else(people, gate):
    assert [m.check for m in missing(people, gate)] == ["documents"]


@pytest.mark.settings(gates={"sign_up": ("documents",), "propose": ("documents",)})
def test_a_check_that_two_gates_ask_for_is_asked_once(people):
    assert [m.check for m in missing(people)] == ["documents"]


@pytest.mark.settings(gates={"sign_up": ("documents",)})
def test_what_sign_up_asks_for_strands_no_running_deal(people):
    assert missing(people, "start") == missing(people, "be_paid") == ()
