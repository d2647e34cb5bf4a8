"""Two members describe their organisation at once: neither loses what they typed, nor writes over the other unseen."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from marketwright.features.accounts import queries, service
from marketwright.kernel.errors import Overtaken
from marketwright.kernel.late import begin
from marketwright.store.database import Database

FORM = {"name": "Ardent Assurances", "sector": "", "size": "", "city": "", "country": "", "public_name_en": "",
        "public_name_fr": "", "about": ""}  # fmt: skip


def began(page: TestResponse) -> dict[str, str]:
    """What the form of the page began with, as a browser sends it."""
    found = re.search(r'name="began" value="([^"]+)"', page.text)
    assert found
    return {"began": html.unescape(found[1])}


@pytest.fixture
def crew(make_client: Any, make_person: Any, do: Any, browse: Any) -> dict[str, Any]:
    """Olga, who owns the organisation, and Bruno, who buys for it: their browsers, and the address of the form."""
    organisation, owner = make_client()
    buyer = make_person("Bruno Buyer")
    do(service.add_member, organisation=organisation, account=buyer, roles=["buyer"])
    return {"olga": browse(owner), "bruno": browse(buyer), "id": organisation, "owner": owner,
            "form": f"/organisations/{organisation}/edit"}  # fmt: skip


def stored(database: Database, crew: dict[str, Any]) -> queries.OrganisationRow:
    with database.reading() as session:
        row = queries.organisation(session, crew["id"])
    assert row
    return row


def test_the_later_of_two_reads_who_was_first_and_what_is_there_now(crew: Any, database: Database) -> None:
    olga, bruno, form = crew["olga"], crew["bruno"], crew["form"]
    first = began(olga.get(form))
    assert bruno.post(form, FORM | began(bruno.get(form)) | {"about": "We insure\nships."}).status_code == 303
    late = olga.post(form, FORM | first | {"about": "We insure houses."})
    assert late.status_code == 422
    assert "Bruno Buyer changed this while you were writing" in late.text
    assert '<p class="pre">We insure\nships.</p>' in late.text
    assert "We insure houses." in late.text
    assert stored(database, crew).about == "We insure\nships."


def test_saving_again_is_deliberate_and_goes_through(crew: Any, database: Database) -> None:
    olga, bruno, form = crew["olga"], crew["bruno"], crew["form"]
    first = began(olga.get(form))
    bruno.post(form, FORM | {"about": "We insure ships.", "city": "Brest"})
    late = olga.post(form, FORM | first | {"about": "We insure houses."})
    again = FORM | began(late) | {"about": "We insure houses.", "city": "Brest"}
    assert olga.post(form, again).status_code == 303
    assert (stored(database, crew).about, stored(database, crew).city) == ("We insure houses.", "Brest")


def test_what_the_other_changed_alone_is_kept_and_said(crew: Any, database: Database) -> None:
    olga, bruno, form = crew["olga"], crew["bruno"], crew["form"]
    first = began(olga.get(form))
    bruno.post(form, FORM | {"city": "Brest"})
    done = olga.post(form, FORM | first | {"size": "400"}, follow_redirects=True)
    assert "What was changed elsewhere meanwhile is kept too." in done.text
    assert (stored(database, crew).city, stored(database, crew).size) == ("Brest", 400)


def test_the_country_that_is_there_now_is_called_by_its_name(crew: Any) -> None:
    olga, bruno, form = crew["olga"], crew["bruno"], crew["form"]
    first = began(olga.get(form))
    bruno.post(form, FORM | {"country": "BE"})
    assert '<p class="pre">Belgium</p>' in olga.post(form, FORM | first | {"country": "FR"}).text


def test_the_service_names_what_both_changed(
    crew: Any, database: Database, do: Callable[..., Any], acting: Callable[..., Any]
) -> None:
    by = acting(crew["owner"], crew["id"], "owner")
    told = {"organisation": crew["id"], "name": "Ardent Assurances", "sector": "", "size": None, "country": "",
            "public_name_en": "", "public_name_fr": "", "about": ""}  # fmt: skip
    row = stored(database, crew)
    before = begin({name: getattr(row, name) for name in FORM})
    do(service.update_organisation, by=by, **told, city="Brest")
    with pytest.raises(Overtaken) as refused:
        do(service.update_organisation, by=by, **told, city="Lorient", began=before)
    assert refused.value.parts == ("city",)
