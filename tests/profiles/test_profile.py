from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, update

from marketwright.features.accounts.ports import Gate
from marketwright.features.accounts.tables import Account
from marketwright.features.profiles import queries, service
from marketwright.features.profiles.claiming import replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.kernel.errors import InvalidInput, Missing, NotAllowed, NotFound


class ShutGate:
    """Asks for an identity check."""

    def missing(self, session, gate, subject_kind, subject_id):
        return (Missing("identity", "Show who you are"),) if gate == "appear" else ()


def row(people, who=""):
    return people.read(lambda s: queries.profile(s, who or people.anna))


def test_only_a_freelancer_has_a_profile(people):
    with pytest.raises(NotFound):
        people.do(lambda u: service.create_profile(u, account=people.client))


def test_an_open_gate_lists_who_wishes_to_be_seen(people):
    assert (row(people).visible, row(people).listed) == (True, True)


def test_a_shut_gate_keeps_the_wish_and_says_what_is_missing(people):
    people.house.ports.fill(Gate, ShutGate())
    people.do(lambda u: service.create_profile(u, account=people.ben, headline="x"))
    missing = people.do(lambda u: service.show(u, profile=people.ben), people.ben)
    assert [m.check for m in missing] == ["identity"]
    assert (row(people, people.ben).visible, row(people, people.ben).listed) == (True, False)


def test_a_gate_that_shuts_later_takes_people_out_of_the_lists(people):
    people.house.ports.fill(Gate, ShutGate())
    assert people.do(lambda u: service.refresh_listings(u)) == 0
    assert not row(people).listed


def test_a_profile_without_a_headline_is_not_shown(people):
    people.do(lambda u: service.create_profile(u, account=people.ben))
    with pytest.raises(InvalidInput, match="headline"):
        people.do(lambda u: service.show(u, profile=people.ben), people.ben)


def test_hiding_leaves_the_lists(people):
    people.do(lambda u: service.hide(u, profile=people.anna), people.anna)
    assert people.read(lambda s: queries.profile_cards(s, [people.anna], "en")) == []


def test_nobody_edits_the_profile_of_somebody_else(people):
    with pytest.raises(NotAllowed):
        people.do(lambda u: service.hide(u, profile=people.anna), people.ben)


def test_an_edit_makes_a_new_version_and_an_event(people):
    before = row(people).version
    people.do(
        lambda u: service.offer(u, profile=people.anna, day_rate=70_000, available_from=date(2030, 1, 7),
                                days_a_week=3, remote="remote"),
        people.anna,
    )  # fmt: skip
    after = row(people)
    assert (after.day_rate, after.days_a_week, after.remote) == (70_000, 3, "remote")
    assert after.version > before


def test_a_free_field_of_no_plugin_is_refused(people):
    with pytest.raises(InvalidInput, match="no such field"):
        people.do(lambda u: service.create_profile(u, account=people.ben, fields={"clearance": "yes"}))


def test_twenty_cards_take_two_statements(people):
    people.do(lambda u: service.create_profile(u, account=people.ben, headline="y", visible=True))
    for who in (people.anna, people.ben):
        drafts = [ClaimDraft("skill", skill_id=k) for k in ("web", "api", "net")]
        people.do(lambda u, who=who, drafts=drafts: replace_claims(u, profile=who, claims=drafts))
    said = []
    event.listen(people.house.database.reads, "before_cursor_execute", lambda *a: said.append(a[2]))
    cards = people.read(lambda s: queries.profile_cards(s, [people.ben, people.anna], "en"))
    assert [c.id for c in cards] == [people.ben, people.anna]
    assert len([q for q in said if q != "BEGIN"]) == 2
    labels = {s.id: s.label for c in cards for s in c.skills}
    for known in (labels, {}, {"web": labels["web"]}):  # labels that are in memory already, all, none or some
        again = people.read(lambda s, k=known: queries.profile_cards(s, [people.ben, people.anna], "en", named=k.get))
        assert again == cards


@pytest.mark.either_engine
def test_the_version_of_a_card_is_another_after_any_change_however_many_are_asked_for(people):
    people.do(lambda u: service.create_profile(u, account=people.ben, headline="y", visible=True))

    def versions(more=()):
        return dict(people.read(lambda s: queries.card_versions(s, [people.ben, *more, people.anna])))

    before = versions()
    assert before == versions([f"nobody-{k}" for k in range(40)])
    ben = update(Account).where(Account.id == people.ben)
    people.do(lambda u: u.session.execute(ben.values(name="Benno")))
    assert versions()[people.ben] != before[people.ben]
    people.do(lambda u: u.session.execute(ben.values(suspended_at=datetime.now(UTC), suspension_reason="x")))
    assert people.ben not in versions()
