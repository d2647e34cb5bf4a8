"""A passed background check is known to its subject, to the vetting team, and to a client that asked and was told."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from marketwright.features.contracts.confidentiality import confidentiality_terms, sign_confidentiality
from marketwright.features.contracts.drafting import draw
from marketwright.features.desk.queries import HouseQueries
from marketwright.features.missions.tables import Mission
from marketwright.features.missions.writing import stored_brief, write
from marketwright.features.notifications.tables import Mail
from marketwright.features.profiles.service import create_profile
from marketwright.features.vetting.checks import asked_by_gates
from marketwright.features.vetting.service import By, record, revoke
from marketwright.features.vetting.tables import VerdictRow
from marketwright.kernel.errors import BadSetting
from marketwright.plugin import Result, Verdict
from marketwright.testing.agreed import Stage
from marketwright.testing.browse import Browse
from marketwright.testing.remembered import remembered

pytestmark = [
    pytest.mark.either_engine,
    pytest.mark.plugins("core_matching", "standard_contracts", "sandbox", "country_fr", "cybersecurity"),
]
TOLD = {"x_background_told": "on", "send": "1"}


@pytest.fixture
def stage(house, app):
    """A mission that asks for a background check, and a freelancer in the lists."""
    found = remembered(house, asking)
    found.app = app
    return found


def asking(house):
    stage = Stage(house).meet()
    with stage.unit(stage.client) as uow:
        row = uow.session.get_one(Mission, stage.mission)
        write(uow, row, replace(stored_brief(uow.session, row), fields={"background_asked": True}))
        create_profile(
            uow, account=stage.freelancer, headline="Opens what is shut", bio="Twelve years.", language="en",
            city="Lille", country="FR", remote="remote", day_rate=70_000, visible=True,
        )  # fmt: skip
        uow.commit()
    return stage


def decided(stage, result=Result.PASSED):
    held = Verdict(result, compared="background, as far as the country allows", source="the paper shown",
                   reason="Seen in a call.", expires=stage.house.clock.business() + timedelta(days=90))  # fmt: skip
    with stage.unit() as uow:
        row = record(uow, check="background_check", kind="freelancer", owner=stage.freelancer, verdict=held,
                     by=By("person:v", "Idris Vetter"))  # fmt: skip
        uow.commit()
    return row


def visitor(stage, account=""):
    return Browse(stage.app).sign_in(account) if account else Browse(stage.app)


def agree(stage):
    with stage.house.database.reading() as session:
        terms = confidentiality_terms(session, stage.house.marketplace, stage.mission, stage.freelancer)
    paper = draw(stage.house.plugins, "confidentiality", "en", terms)
    with stage.unit(stage.freelancer) as uow:
        sign_confidentiality(uow, mission=stage.mission, paper=paper, read=paper.sha256)
        uow.commit()


def answer(stage):
    return f"/missions/{stage.mission}/answers/cybersecurity.background"


CHANGES = re.compile(r'(csrf_token"[^>]*value=|nonce=)"[^"]*"|\d\d:\d\d(:\d\d)?|request \w+')
SEARCHES = ("/freelancers?check=background_check", "/freelancers?checked=background_check", "/freelancers?q=background",
            "/freelancers?sort=checked", "/freelancers?field=background_asked")  # fmt: skip


def everywhere(person, stage):
    """Every address that takes no more than what everybody knows: the ids of people and missions."""
    ids = {"freelancer": stage.freelancer, "mission": stage.mission, "organisation": stage.organisation}
    return [rule.build({name: ids[name] for name in rule.arguments})[1] for rule in person.app.url_map.iter_rules()
            if "GET" in rule.methods and rule.arguments <= set(ids) and "static" not in rule.endpoint
            and not rule.rule.startswith("/me/data")]  # fmt: skip


def shown_to(person, paths):
    found = {}
    for path in paths:
        with person.get(path) as page:
            found[path] = page.status_code, CHANGES.sub("", page.get_data().decode(errors="replace"))
    return found


def unchanged(stage, people, paths_of):
    """Whether nobody of ``people`` is shown anything else once the check was passed; how many pages were read."""
    before = [shown_to(person, paths_of(person)) for person in people]
    decided(stage)
    stage.house.worker.drain()
    for person, was in zip(people, before, strict=True):
        after = shown_to(person, was)
        assert {path for path in was if was[path] != after[path]} == set()
    return sum(map(len, before))


def test_where_people_are_shown_and_found_nothing_reads_otherwise_once_it_was_passed(stage):
    """Not a word, not a count, not another order; nor to the client whose mission asks, who was not told."""
    paths = [f"/freelancers/{stage.freelancer}", "/freelancers", "/", f"/missions/{stage.mission}/matches", *SEARCHES]
    assert unchanged(stage, [visitor(stage), visitor(stage, stage.client)], lambda _person: paths) == 2 * len(paths)


@pytest.mark.slow
def test_no_page_that_somebody_else_can_open_reads_otherwise_once_it_was_passed(stage):
    people = [visitor(stage), visitor(stage, stage.client)]
    assert unchanged(stage, people, lambda person: [*everywhere(person, stage), *SEARCHES]) > 100


def test_their_own_page_says_how_it_stands_and_that_nobody_else_sees_it(stage):
    decided(stage)
    page = visitor(stage, stage.freelancer).get("/me/checks/background_check").text
    assert "Idris Vetter" in page
    assert "Only you and our vetting team see the outcome." in page


def test_the_client_reads_yes_only_once_whoever_passed_it_has_told_them(stage):
    agree(stage)
    freelancer, client = visitor(stage, stage.freelancer), visitor(stage, stage.client)
    refused = freelancer.post(answer(stage), TOLD)
    assert (refused.status_code, "No background check of yours stands" in refused.text) == (422, True)
    decided(stage)
    assert freelancer.post(answer(stage), {"send": "1"}).status_code == 422
    assert client.get(f"{answer(stage)}/{stage.freelancer}").status_code == 404
    assert freelancer.post(answer(stage), TOLD).status_code == 303
    page = client.get(f"{answer(stage)}/{stage.freelancer}").text
    assert "Background check passed" in page
    assert "Seen in a call" not in page


def test_before_the_confidentiality_agreement_nothing_is_told(stage):
    decided(stage)
    assert visitor(stage, stage.freelancer).post(answer(stage), TOLD).status_code == 403


def test_what_was_taken_back_is_no_yes_any_more(stage):
    agree(stage)
    row = decided(stage)
    with stage.house.database.unit(stage.actor("v", staff=("vetter",))) as uow:
        revoke(uow, verdict=row, reason="The paper was another person’s.")
        uow.commit()
    assert visitor(stage, stage.freelancer).post(answer(stage), TOLD).status_code == 422


def test_another_plugin_is_not_told(stage):
    decided(stage)
    here = HouseQueries(stage.house.database, stage.house.ports)
    assert here.verdicts("sandbox", "freelancer", stage.freelancer) == []
    assert [v.result for v in here.verdicts("cybersecurity", "freelancer", stage.freelancer)] == ["passed"]


@pytest.mark.parametrize("result", [Result.PASSED, Result.REFUSED])
def test_log_events_and_letters_to_others_do_not_say_how_it_ended(stage, result):
    decided(stage, result)
    stage.house.worker.drain()
    with stage.house.database.reading() as session:
        tables = sorted(set(inspect(session.get_bind()).get_table_names()) - {VerdictRow.__tablename__})
        holding = {
            table for table in tables
            for row in session.execute(text(f'SELECT * FROM "{table}"'))
            if "Seen in a call" in str(row)
        }  # fmt: skip
        readers = set(session.scalars(select(Mail.address).where(Mail.kind == "verdict.recorded")))
    assert readers == {"tomasz@example.org"}
    assert holding <= {"mails", "notifications"}  # theirs


def test_a_gate_of_the_lists_does_not_ask_for_it(house):
    with pytest.raises(BadSetting, match="private"):
        asked_by_gates(replace(house.marketplace, gates={"appear": ("background_check",)}), house.plugins)
