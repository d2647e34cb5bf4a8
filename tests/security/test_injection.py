"""What people type is shown as they typed it, and runs nowhere: on pages, in forms given back, in mails (S27, S28)."""

import re

import pytest
from sqlalchemy import select

from marketwright.features.notifications.paper import as_html
from marketwright.features.notifications.tables import Mail

PAYLOADS = (
    "<script>window.hit=1</script>",
    "\"><img src=x onerror=window.hit=1>",
    "'><svg/onload=window.hit=1>",
    "</textarea><script>window.hit=1</script>",
    "</title><script>window.hit=1</script>",
    "javascript:window.hit=1",
    "[click](javascript:window.hit=1)",
    "![x](https://evil.example/beacon.png)",
    "<a href=\"data:text/html,<script>window.hit=1</script>\">x</a>",
    "{{ 7919 * 7877 }} {% for x in y %} ${7919*7877} #{7919*7877}",
    "<iframe srcdoc='<script>window.hit=1</script>'>",
    "<style>*{display:none}</style>",
)
PAYLOAD = "\n\n".join(PAYLOADS)
SHORT = "<b onmouseover=window.hit=1>\"'{{7919*7877}}</b>"
BAD = re.compile(
    r"<script>|<img src=x|<svg/onload|<iframe|<style>|<b onmouseover|<a [^>]*href=\"(javascript|data):|src=\"https://evil|62377963",
    re.IGNORECASE,
)


def clean(page):
    assert page.status_code in (200, 422), page.status_code
    found = BAD.search(page.text)
    assert not found, page.text[max(0, found.start() - 300) : found.end() + 100]


@pytest.fixture(scope="module")
def poisoned(visitors, cast):
    """Every text that somebody else reads, full of payloads, typed into the forms of the site."""
    freelancer, owner, admin = visitors["freelancer"], visitors["owner"], visitors["staff_admin"]
    mission, thread, contract = (cast.things[t] for t in ("mission", "thread", "contract"))
    organisation, milestone = cast.stage.organisation, cast.stage.milestones[0]
    return [
        freelancer.post("/me/profile/about", {"headline": SHORT, "bio": PAYLOAD, "language": "en", "city": SHORT,
                                              "country": "FR", "years": "3"}),
        freelancer.post(f"/threads/{thread}", {"text": PAYLOAD, "as_is": "1"}),
        owner.post(f"/threads/{thread}", {"text": PAYLOAD, "as_is": "1"}),
        owner.post(f"/organisations/{organisation}/edit", {
            "name": SHORT, "sector": "insurance", "size": "10", "city": SHORT, "country": "FR", "about": PAYLOAD,
            "public_name_en": SHORT, "public_name_fr": SHORT}),
        freelancer.post("/me/settings", {"name": SHORT, "locale": "en", "time_zone": "Europe/Paris"}),
        owner.post(f"/missions/{mission}/shortlist/note",
                   {"freelancer": cast.people["freelancer"], "text": PAYLOAD}),
        admin.post(f"/missions/{mission}/matches/place", {"person": cast.people["freelancer"], "reason": PAYLOAD}),
        freelancer.post(f"/proposals/{cast.things['proposal']}/withdraw", {"reason": PAYLOAD}),
        owner.post(f"/contracts/{contract}/milestones/{milestone}/cancel", {"note": PAYLOAD}),
        admin.post(f"/console/people/{cast.people['unconfirmed']}/suspend", {"reason": PAYLOAD}),
    ]  # fmt: skip


def test_the_forms_take_what_was_typed(poisoned):
    """Refused for another reason, a text would be shown to nobody, and the tests below would prove nothing."""
    assert [t.status_code for t in poisoned].count(303) >= 7


PAGES = {
    "anonymous": ("/freelancers/{freelancer}", "/missions/{mission}", "/freelancers", "/missions",
                  "/clients/{organisation}"),
    "freelancer": ("/inbox", "/threads/{thread}", "/proposals/{proposal}", "/contracts/{contract}", "/me",
                   "/me/profile", "/me/proposals", "/me/matches", "/contracts"),
    "owner": ("/inbox", "/threads/{thread}", "/proposals/{proposal}", "/contracts/{contract}", "/contracts",
              "/organisations/{organisation}", "/missions/{mission}/matches", "/missions/{mission}/shortlist",
              "/missions/{mission}/proposals", "/freelancers/{freelancer}", "/me/missions",
              "/missions/{mission}/compare?with={freelancer}"),
    "staff_admin": ("/console", "/console/people", "/console/people/{freelancer}", "/console/people/{unconfirmed}",
                    "/console/contracts/{contract}", "/console/log", "/console/missions/{mission}", "/console/clients"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "path"), [(part, path) for part, paths in PAGES.items() for path in paths])
def test_no_page_runs_what_somebody_typed(visitors, cast, poisoned, part, path):
    clean(visitors[part].get(path.format(**(cast.things | cast.people))))


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize(
    "path", ["/freelancers?q=", "/missions?q=", "/sign-in?next=", "/sign-up?side=", "/missions/new?", "/console/log?q="]
)
def test_no_page_runs_what_an_address_holds(visitors, path, payload):
    where, _, name = path.partition("?")
    visitor = visitors["staff_admin" if "console" in path else "anonymous"]
    clean(visitor.get(where, query_string={name.rstrip("=") or "title": payload}))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_refused_form_gives_back_what_was_typed_and_runs_nothing(visitors, payload):
    page = visitors["anonymous"].post("/sign-up", {"name": payload, "email": payload, "side": payload, "password": "x"})
    assert page.status_code == 422
    clean(page)


def test_no_mail_holds_what_runs(app, house, poisoned):
    with app.app_context():
        house.worker.drain()
        with house.database.reading() as session:
            mails = session.scalars(select(Mail)).all()
        assert len(mails) > 5
        for mail in mails:
            assert "\n" not in mail.subject
            assert not BAD.search(as_html(mail)), mail.kind
