from dataclasses import replace

import pytest

from marketwright.features.profiles import queries, service
from marketwright.features.profiles.claiming import claim_in_bulk, merged, replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.skills import merging
from marketwright.kernel.errors import InvalidInput, NotAllowed

WEB = ClaimDraft("skill", skill_id="web", level=3, years=4)
OSCP = ClaimDraft("certificate", label="OSCP", issuer="OffSec", number="OS-1", issued="2020-01")


def claims(people, kind=""):
    return people.read(lambda s: queries.claims(s, people.anna, "fr", kind))


def write(people, drafts, *, kind="", by=""):
    return people.do(lambda u: replace_claims(u, profile=people.anna, claims=drafts, kind=kind), by or people.anna)


def test_claims_keep_the_order_in_which_they_were_given(people):
    write(people, [ClaimDraft("skill", skill_id=k) for k in ("net", "web", "api")], kind="skill")
    assert [c.skill_id for c in claims(people)] == ["net", "web", "api"]


def test_skills_read_in_the_readers_language(people):
    write(people, [WEB], kind="skill")
    assert claims(people)[0].title == "Pentest web"


def test_a_claim_that_stays_the_same_keeps_its_id_and_so_its_proof(people):
    (first,) = write(people, [WEB], kind="skill")
    (again,) = write(people, [WEB], kind="skill")
    assert again == first


POST = ClaimDraft("experience", label="Tester", organisation="Airbus", from_month="2020-01", to_month="2022-01",
                  years=2, summary="Junior in a team of twelve.")  # fmt: skip


@pytest.mark.parametrize(
    ("said", "rewritten"),
    [(WEB, replace(WEB, level=4)), (WEB, replace(WEB, years=20)), (POST, replace(POST, years=20)),
     (POST, replace(POST, summary="Head of a team of forty."))],
)  # fmt: skip
def test_a_claim_that_says_something_else_gets_a_new_id(people, said, rewritten):
    (first,) = write(people, [said], kind=said.kind)
    (again,) = write(people, [rewritten], kind=said.kind)
    assert again != first


def test_one_skill_with_two_numbers_of_years_is_said_once():
    assert merged([WEB, replace(WEB, years=20)]) == [WEB]


def test_another_certificate_number_is_another_claim(people):
    (first,) = write(people, [OSCP], kind="certificate")
    (again,) = write(people, [ClaimDraft("certificate", label="OSCP", issuer="OffSec", number="OS-2")],
                     kind="certificate")  # fmt: skip
    assert again != first


def test_writing_one_kind_leaves_the_others(people):
    write(people, [WEB], kind="skill")
    write(people, [OSCP], kind="certificate")
    assert {c.kind for c in claims(people)} == {"skill", "certificate"}


def test_the_profile_counts_its_claims(people):
    write(people, [WEB, OSCP])
    assert people.read(lambda s: queries.profile(s, people.anna)).claims == 2


def test_a_claim_of_another_kind_is_refused(people):
    with pytest.raises(InvalidInput):
        write(people, [OSCP], kind="skill")


def test_nobody_writes_the_claims_of_somebody_else(people):
    with pytest.raises(NotAllowed):
        write(people, [WEB], kind="skill", by=people.ben)


def test_many_first_claims_are_written_at_once(people):
    ids = people.do(lambda u: claim_in_bulk(u, {people.anna: [WEB, OSCP]}))
    assert [c.id for c in claims(people, "skill")] == [ids[people.anna][0]]


def test_proofs_and_ratings_stand_on_the_card_in_one_statement(people):
    write(people, [WEB, OSCP])
    people.do(lambda u: service.set_proved(u, profile=people.anna, proved=1))
    people.do(lambda u: service.set_rating(u, profile=people.anna, stars=9, count=2))
    (card,) = people.read(lambda s: queries.profile_cards(s, [people.anna], "en"))
    assert (card.proved, card.declared, card.rating, card.reviews) == (1, 1, 4.5, 2)
    assert [s.label for s in card.skills] == ["Web pentest"]


def test_skills_that_were_merged_meanwhile_are_saved_as_what_they_are_now(people):
    people.do(lambda u: merging.merge(u, old="web", new="pen"))
    drafts = [ClaimDraft("skill", skill_id=key, level=level) for key, level in (("pen", 1), ("web", 3), ("net", 2))]
    people.do(lambda u: replace_claims(u, profile=people.anna, claims=drafts, kind="skill"), people.anna)
    kept = people.read(lambda s: queries.claims(s, people.anna, "en", "skill"))
    assert [(c.skill_id, c.level) for c in kept] == [("pen", 3), ("net", 2)]


def test_a_key_that_means_no_skill_is_refused_at_the_field(people):
    drafts = [ClaimDraft("skill", skill_id="cooking", level=3)]
    with pytest.raises(InvalidInput) as refused:
        people.do(lambda u: replace_claims(u, profile=people.anna, claims=drafts, kind="skill"), people.anna)
    assert refused.value.errors.keys() == {"skills"}
