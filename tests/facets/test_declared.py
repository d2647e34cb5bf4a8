"""`[[fields]]` alone gives a form, a filter, a column: no code."""

import numpy as np
import pytest

from marketwright.app import build_house, create_app
from marketwright.features.accounts import service as accounts
from marketwright.features.facets import forms
from marketwright.features.matching.renewing import Indexes
from marketwright.features.profiles import service as profiles
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import BadSetting
from marketwright.settings.loader import load_marketplace
from marketwright.testing.browse import Browse

HEAD = 'plugins = {plugins}\n[marketplace]\nname = "T"\nslug = "tt"\nlanguages = ["en", "fr"]\ndatabase = "{url}"\n'
FIELDS = """
[[fields]]
owner = "profile"
name = "clearance"
form = "choice"
label = { en = "Clearance", fr = "Habilitation" }
choices = [{ value = "none", label = { en = "None" } }, { value = "secret", label = { en = "Secret", fr = "Secret" } }]
facet = true
column = true

[[fields]]
owner = "profile"
name = "least_deal"
form = "money"
label = { en = "Smallest deal", fr = "Plus petite affaire" }
facet = true
column = true

[[fields]]
owner = "profile"
name = "since"
form = "date"
label = { en = "Independent since" }
facet = true

[[fields]]
owner = "profile"
name = "note"
form = "text"
label = { en = "Note to us" }
private = true
"""
VALUES = {"clearance": "secret", "least_deal": 150_000, "since": "2019-03-01", "note": "do not call"}


def write(folder, text, url="sqlite:///x", plugins="[]"):
    (folder / "marketplace.toml").write_text(HEAD.format(plugins=plugins, url=url) + text)
    return load_marketplace(folder, {})


@pytest.fixture
def site(tmp_path, database_url):
    made = build_house(write(tmp_path, FIELDS, database_url.replace("+psycopg", "")))
    with made.database.unit(system("tests")) as uow:
        people = [accounts.create_account(uow, email=f"{n}@example.org", name=n, locale="en", is_freelancer=True)
                  for n in ("Ada", "Bo")]  # fmt: skip
        for who in people:
            profiles.create_profile(uow, account=who, headline="Tests networks", visible=True)
        uow.commit()
    with made.database.unit(Actor(kind="person", id=people[0], is_freelancer=True)) as uow:
        profiles.set_fields_in_bulk(uow, [(people[0], VALUES)])
        uow.commit()
    app = create_app(made.marketplace, made)
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    yield app, made, people
    made.database.dispose()


def test_the_form_asks_for_each_in_its_way_and_takes_an_amount_as_it_is_typed(site):
    app, house, (ada, _) = site
    visitor = Browse(app).sign_in(ada)
    page = visitor.get("/me/profile/about").text
    assert "Smallest deal" in page
    assert 'value="1,500.00"' in page
    sent = {"headline": "Tests", "language": "en", "country": "FR", "x_clearance": "none", "x_least_deal": "2,000.50"}
    assert visitor.post("/me/profile/about", sent).status_code == 303
    with house.database.reading() as session:
        stored = session.get_one(profiles.Profile, ada).fields
    assert (stored["clearance"], stored["least_deal"]) == ("none", 200_050)


def test_a_stranger_reads_what_is_public_and_nothing_private(site):
    app, _, (ada, _) = site
    page = Browse(app).get(f"/freelancers/{ada}").text
    assert "€1,500" in page
    assert "do not call" not in page


def test_the_list_is_filtered_by_choice_amount_and_date(site):
    app, _, _ = site
    visitor = Browse(app)
    page = visitor.get("/freelancers").text
    assert "Clearance" in page
    assert 'type="date"' in page
    for query, found in (
        ("x_clearance=secret", True), ("x_clearance=none", False), ("x_least_deal_from=1400", True),
        ("x_least_deal_to=1400", False), ("x_since_from=2019-03-01", True), ("x_since_from=2020-01-01", False),
    ):  # fmt: skip
        assert (">Ada<" in visitor.get(f"/freelancers?{query}").text) is found, query


def test_criteria_read_the_declared_columns(site):
    _, house, (ada, _) = site
    with house.database.reading() as session:
        people = house.ports.get(Indexes).current(session).people.side
    row = people.number[ada]
    assert (people.values["x_clearance"][row], people.values["x_least_deal"][row]) == (1, 150_000)
    assert np.flatnonzero(people.known["x_clearance"]).tolist() == [row]
    assert "x_since" not in people.values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (FIELDS + FIELDS.partition("\n\n")[0], "two fields are called 'clearance'"),
        ('[[fields]]\nowner = "profile"\nname = "x"\nform = "colour"\nlabel = {en = "X"}\n', "colour is no type"),
        ('[[fields]]\nowner = "profile"\nname = "x"\nform = "choice"\nlabel = {en = "X"}\n', "at least one entry"),
        ('[[fields]]\nowner = "team"\nname = "x"\nform = "text"\nlabel = {en = "X"}\n', "Must be one of"),
        ('[[fields]]\nowner = "profile"\nname = "x"\nform = "text"\nlabel = {en = "X"}\nsize = 3\n', "Unknown field"),
        ('[[fields]]\nowner = "profile"\nname = "x"\nform = "text"\nlabel = {en = "X"}\nprivate = true\nfacet = true\n',
         "neither a filter"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_names_line_and_reason(tmp_path, text, says):
    with pytest.raises(BadSetting, match=r"marketplace\.toml: fields.*\(line \d+\)") as caught:
        write(tmp_path, text)
    assert says in str(caught.value)


def test_a_field_that_a_plugin_has_already_names_both(tmp_path):
    text = '[[fields]]\nowner = "mission"\nname = "engagement"\nform = "text"\nlabel = {en = "X"}\n'
    made = write(tmp_path, text, plugins='["cybersecurity"]')
    with pytest.raises(BadSetting, match=r"both .* and the plugin 'cybersecurity' bring a field 'engagement'"):
        build_house(made)


def test_forms_leave_files_to_their_own_page():
    field = forms.Field("profile", "cv", forms.FieldForm.FILE, {"en": "CV"})
    assert forms.views([field], "en") == []
