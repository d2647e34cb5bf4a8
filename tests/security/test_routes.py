"""Every route, every method, everybody: the door opens to whom its policy names, and to nobody else."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from marketwright.web.ports import SignedIn
from marketwright.web.routing import POLICIES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BRIEFLY = {"Accept": "application/json"}  # refusals without a page around them: the walk knocks thousands of times
FORM = "application/x-www-form-urlencoded"
STAFF = {
    "people.read": {"admin", "moderator", "vetter", "finance", "support", "auditor"},
    "people.erase": {"admin"},
    "people.suspend": {"admin", "moderator"},
    "missions.read": {"admin", "moderator", "vetter", "support", "auditor"},
    "missions.moderate": {"admin", "moderator"},
    "matches.place": {"admin", "moderator", "support"},
    "reviews.moderate": {"admin", "moderator"}, "notices.decide": {"admin", "moderator"},
    "vetting.read": {"admin", "vetter", "auditor"},
    "vetting.decide": {"admin", "vetter"},
    "ledger.read": {"admin", "finance", "auditor"},
    "payments.decide": {"admin", "finance"}, "money.correct": {"admin", "finance"},
    "contracts.read": {"admin", "finance", "support", "auditor"},
    "contracts.decide": {"admin", "finance"},
    "mails.read": {"admin", "support", "auditor"},
    "jobs.read": {"admin", "finance", "support", "auditor"},
    "jobs.retry": {"admin", "support"},
    "audit.read": {"admin", "auditor"},
    "staff.manage": {"admin"}, "pricing.change": {"admin", "finance"},
    "settings.read": {"admin", "auditor"}, "settings.change": {"admin"}, "content.change": {"admin", "moderator"},
}
CLIENTS = {"owner", "buyer", "approver", "signatory", "finance", "stranger_client"}
FREELANCERS = {"freelancer", "stranger_freelancer", "hidden_freelancer", "unconfirmed"}
OUTSIDE = {"anonymous", "suspended"}  # a suspended person's session opens nothing
REACHED, SIGN_IN, REFUSED, HIDDEN, NO_METHOD = 299, 303, 403, 404, 405


def wanted(policy, part):
    """What ``part`` must meet at a door of ``policy``: written down here a second time, not asked of the policy."""
    if policy == "public":
        return REACHED
    if part in OUTSIDE:
        return SIGN_IN
    if policy == "signed_in":
        return REACHED
    if policy == "freelancer":
        return REACHED if part in FREELANCERS else REFUSED
    if policy == "client":
        return REACHED if part in CLIENTS else REFUSED
    if policy.startswith("client:"):
        holders = {*policy.removeprefix("client:").split(","), "owner", "stranger_client"}
        return REACHED if part in holders & CLIENTS else REFUSED
    assert policy == "staff" or policy.startswith("staff:"), f"a kind of policy that this walk does not know: {policy}"
    if not part.startswith("staff_"):
        return HIDDEN
    if policy == "staff":
        return REACHED
    return REACHED if part.removeprefix("staff_") in STAFF[policy.removeprefix("staff:")] else REFUSED


def rules(app):
    return [r for r in app.url_map.iter_rules() if r.endpoint != "static"]


def address(rule):
    return rule.build(dict.fromkeys(rule.arguments, "0" * 16))[1]


@pytest.fixture(scope="module")
def doors(app, house):
    """The application with every room empty: what answers 299 is behind an open door. Faces are looked up once."""
    kept, who = dict(app.view_functions), house.ports.get(SignedIn)
    known = {}

    def recognised(session, token):
        if token not in known:
            known[token] = who(session, token)
        return known[token]

    house.ports.fill(SignedIn, recognised)
    for endpoint in kept:
        app.view_functions[endpoint] = lambda **_kw: ("", REACHED)
    yield app
    app.view_functions.update(kept)
    house.ports.fill(SignedIn, who)


def test_every_route_declares_a_policy_for_every_method_it_takes(app):
    policies = app.extensions[POLICIES]
    bare = [
        (r.endpoint, m) for r in rules(app) for m in r.methods - {"HEAD", "OPTIONS"} if (r.endpoint, m) not in policies
    ]
    assert not bare, "\n".join(map(str, bare))


def test_no_view_shows_and_takes_under_different_policies(app):
    policies = app.extensions[POLICIES]
    uneven = [e for e, m in policies if m == "POST" and (e, "GET") in policies
              and policies[e, "GET"].name != policies[e, "POST"].name]  # fmt: skip
    assert not uneven, "\n".join(map(str, uneven))


def test_every_page_of_one_thing_says_who_may_see_it(app):
    silent = [
        f"{e} {m}" for (e, m), p in app.extensions[POLICIES].items()
        if p.name in ("public", "signed_in", "client", "freelancer") and not p.object_rule
        and any(names_a_thing(r) for r in rules(app) if r.endpoint == e)
    ]  # fmt: skip
    assert not silent, "\n".join(map(str, silent))


def names_a_thing(rule):
    return bool(rule.arguments - {"code", "layer", "name", "check", "provider"})


def test_every_door_opens_to_whom_its_policy_names_and_to_nobody_else(doors, visitors):
    policies = doors.extensions[POLICIES]
    known = [
        (rule, address(rule), method, policies[rule.endpoint, method].name)
        for rule in rules(doors) for method in rule.methods & {"GET", "POST"}
    ]  # fmt: skip
    wrong = []
    for part, visitor in visitors.items():
        before = standing(visitor)
        for rule, path, method, policy in known:
            expected = wanted(policy, part)
            got = knock(before, path, method)
            if got != expected:
                wrong.append(f"{method} {rule} as {part}: {got}, should be {expected}")
    assert not wrong, "\n".join(map(str, wrong))


def test_a_method_that_a_page_does_not_take_opens_nothing(doors, visitors):
    before, doorplate = standing(visitors["staff_admin"]), doors.url_map.bind("localhost")
    opened = [
        f"{method} {path}" for path in map(address, rules(doors)) for method in METHODS
        if not doorplate.test(path, method) and knock(before, path, method) != NO_METHOD
    ]  # fmt: skip
    assert not opened, "\n".join(map(str, opened))


def standing(visitor):
    """A visitor before the doors: the application, and what each knock brings along, a token among it.

    A test client would build all of that anew for each of some ten thousand knocks.
    """
    form = urlencode({"csrf_token": visitor.csrf()}).encode()
    name = visitor.app.config["SESSION_COOKIE_NAME"]
    cookie = {"Cookie": f"{name}={visitor.client.get_cookie(name).value}"}
    environ = create_environ(method="POST", data=form, content_type=FORM, headers=BRIEFLY | cookie)
    return visitor.app, form, environ | {"CONTENT_LENGTH": str(len(form))}


def knock(before, path, method):
    app, form, environ = before
    asked = environ | {"PATH_INFO": path, "REQUEST_METHOD": method, "wsgi.input": BytesIO(form)}
    answer, status, _ = run_wsgi_app(app, asked)
    answer.close()
    return int(status[:3])


def test_whoever_is_sent_to_sign_in_comes_back_afterwards(doors, visitors):
    page = visitors["anonymous"].get("/me/settings?tab=mail")
    assert page.headers["Location"] == "/sign-in?next=/me/settings?tab%3Dmail"


def test_every_deed_without_a_token_is_refused(doors, visitors):
    exempt = "/in/"  # signed by its sender instead
    taken = [
        str(rule) for rule in rules(doors) for part in ("anonymous", "owner", "freelancer", "staff_admin")
        if "POST" in rule.methods and not str(rule).startswith(exempt)
        and visitors[part].client.post(address(rule), headers=BRIEFLY).status_code != 400
    ]  # fmt: skip
    assert not taken, "\n".join(map(str, taken))


def test_a_token_of_somebody_else_is_refused(doors, visitors):
    theirs = visitors["stranger_client"].csrf()
    assert visitors["owner"].client.post("/sign-out", data={"csrf_token": theirs}).status_code == 400


def test_a_token_in_the_address_counts_for_nothing(doors, visitors):
    visitor = visitors["owner"]
    assert visitor.client.post(f"/sign-out?csrf_token={visitor.csrf()}").status_code == 400
