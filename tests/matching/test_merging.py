"""Two skills that mean the same become one: in profiles, missions, searches, and in the file that brings them again."""


import pytest
from sqlalchemy import insert, select

from marketwright.features.alerts.finding import question
from marketwright.features.alerts.tables import Alert
from marketwright.features.matching.renewing import Indexes
from marketwright.features.missions.queries import skills_of
from marketwright.features.operator.merging import merge, preview
from marketwright.features.profiles.queries import claims
from marketwright.features.skills import queries as skills
from marketwright.features.skills.service import import_taxonomy
from marketwright.features.skills.tables import SkillParent
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.rows import Row

pytestmark = pytest.mark.either_engine


def held(market, who):
    with market.house.database.reading() as session:
        found = claims(session, market.people[who], kind="skill")
    return {(c.skill_id, c.level, c.years) for c in found}


def words(market, text):
    with market.house.database.reading() as session:
        return [row.id for row in skills.find(session, text, "en")]


def ask_for_web(uow, *, who):
    row = {"id": "a" * 16, "account_id": who, "kind": "people", "target": "lang=en&skill=web", "name": "Web"}
    uow.session.execute(insert(Alert).values(**row, frequency="daily", due_at=uow.now, created_at=uow.now))


@pytest.fixture
def merged(market):
    market.person("Ada", ("web", 2, 9), ("pentest", 3, 1))
    market.person("Ben", ("web", 2, 4))
    market.person("Cleo", "cloud")
    market.first = market.mission("Both", must=("pentest",), nice=(("web", 4),))
    market.second = market.mission("Old", must=("cloud",), nice=("web",))
    market.write(ask_for_web, who=market.people["Cleo"])
    with market.house.database.reading() as session:
        market.index = market.house.ports.get(Indexes).current(session)
        market.told = preview(session, old="web", new="pentest")
    market.done = market.write(merge, old="web", new="pentest")
    return market


def test_everything_that_named_the_old_skill_names_the_new_one(merged):
    told = merged.told
    assert (told.profiles, told.both, told.missions, told.searches) == (2, 1, 2, 1)
    assert merged.done == told
    assert held(merged, "Ada") == {("pentest", 3, 9)}
    assert held(merged, "Ben") == {("pentest", 2, 4)}
    with merged.house.database.reading() as session:
        both, one = (skills_of(session, m, "en") for m in (merged.first, merged.second))
    assert [(s.id, s.must, s.level) for s in both] == [("pentest", True, 4)]
    assert [(s.id, s.must) for s in one] == [("cloud", True), ("pentest", False)]


def test_old_names_addresses_and_searches_find_the_new_skill(merged, browse):
    assert words(merged, "Web application pentest")[0] == words(merged, "audit applicatif")[0] == "pentest"
    page = browse().get("/freelancers?skill=web").text
    assert "Ada" in page
    assert "Ben" in page
    assert "Cleo" not in page
    assert 'value="pentest" checked' in page
    with merged.house.database.reading() as session:
        index = merged.house.ports.get(Indexes).current(session)
        taxonomy = index.taxonomy
    assert question(merged.house, index, "people", "lang=en&skill=web").ask.skills == ("pentest",)
    assert taxonomy.now(["web", "pentest", "nobody knows"]) == ("pentest", "nobody knows")


def test_what_was_narrower_stays_narrower_and_nothing_comes_round(merged):
    merged.write(merge, old="offensive", new="pentest")
    with merged.house.database.reading() as session:
        edges = [tuple(row) for row in session.execute(select(SkillParent.skill_id, SkillParent.parent_id))]
    assert [e for e in edges if "web" in e or "offensive" in e or e[0] == e[1]] == []
    assert words(merged, "ethical hacking")[0] == "pentest"


def test_a_file_that_brings_the_old_skill_again_brings_its_names_alone(merged):
    cells = [
        {"key": "web", "label_en": "Web application pentest"}, {"key": "pentest", "label_en": "Penetration testing"},
        {"key": "api", "label_en": "API pentest", "broader": "web"},
    ]  # fmt: skip
    rows = [Row(n, values) for n, values in enumerate(cells, start=2)]
    report = merged.write(import_taxonomy, rows=rows, taxonomy="tests")
    assert not report.faults
    with merged.house.database.reading() as session:
        assert not skills.rows(session, ["web"], "en")
        assert skills.with_broader(session, ["api"]) >= {"api", "pentest"}
    assert words(merged, "Web application pentest")[0] == "pentest"


@pytest.mark.parametrize(
    ("old", "new", "said"), [("web", "cloud", "merged into pentest already"), ("cloud", "cloud", "into itself"),
                             ("cloud", "nope", "no skill nope")]
)  # fmt: skip
def test_what_cannot_be_merged_is_refused_by_name(merged, old, new, said):
    with pytest.raises(InvalidInput) as refused:
        merged.write(merge, old=old, new=new)
    assert said in str(refused.value)
