"""Pages of one thing: whoever it concerns opens it, to strangers it is not there (S2, S7)."""

import pytest

from marketwright.web.routing import POLICIES

# WeasyPrint leaves its colour profile open when it makes a PDF/A.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")
BRIEFLY = {"Accept": "application/json"}
NAMES = {"check": "approval", "name": "cybersecurity.authorisation_to_test", "transition": "cancel",
         "which": "logo"}  # fmt: skip
# Languages, themes, pictures of the site, what plugins and processes call theirs, groups and versions of the settings.
NO_THING = {*NAMES, "code", "layer", "provider", "group", "version", "which"}

# Each parameter's sample: something that only its people may know of. A parameter without one fails the test.
SAMPLES = {
    "mission": "draft", "thread": "thread", "proposal": "proposal", "contract": "contract", "milestone": "milestone",
    "file": "file", "notice": "notice", "organisation": "organisation", "account": "buyer", "command": "command",
    "invitation": "invitation", "session": "session", "document": "document", "client": "quiet_organisation",
    "freelancer": "hidden_freelancer", "note": "note", "run": "run", "bill": "bill", "bill_payment": "bill_payment",
    "amendment": "amendment", "voucher": "voucher", "service": "service", "invoice": "invoice",
    "plan_bill": "plan_bill", "subscription": "plan", "correction": "correction", "hold": "released_hold",
    "arrival": "arrival", "handing": "handing", "alert": "alert", "signer": "signer",
    "person": "stranger_freelancer", "job": "job", "mail": "mail", "evidence": "evidence", "verdict": "verdict",
    "delivery": "delivery", "case": "case", "review": "review", "fingerprint": "fingerprint", "due": "due",
    "message": "message", "report": "report",
}  # fmt: skip
SAMPLES_OF = {
    "vetting.theirs_withdraw": {"run": "client_run"},
    "matching.": {"mission": "mission"},
    "matching.shortlist_": {"freelancer": "freelancer"},
    "proposals.of_mission": {"mission": "mission"},
    "missions.remove_file": {"file": "secret_file"},
    "operator.ledger_": {"account": "ledger_account"}, "operator.clients_": {"client": "organisation"},
    "operator.staff_": {"person": "staff_vetter", "invitation": "staff_invitation"},
    "operator.invoices_paid": {"invoice": "owed_invoice"},
    "reviews.answer": {"contract": "finished_contract"},
    "contracts.handed": {"contract": "sealed_contract"}, "cases.": {"contract": "sealed_contract"},
    "contracts.extend": {"contract": "trial_contract"},
    "contracts.timesheet": {"contract": "timed_contract", "milestone": "period"},
    "contracts.withdraw_amendment": {"contract": "amended_contract"},
}  # fmt: skip
# What only opens with something that everybody may know of: who stands before it is checked by these samples.
OPEN_OF = {
    "messaging.apply": {"mission": "mission"}, "messaging.ask": {"mission": "mission"},
    "proposals.to_mission": {"mission": "mission"}, "messaging.invite": {"freelancer": "freelancer"},
    "services.show": {"service": "open_service"}, "services.buy": {"service": "open_service"},
    "notices.a_service": {"service": "open_service"},
    "profiles.show": {"freelancer": "freelancer"}, "contracts.confidentiality": {"mission": "mission"},
    "contracts.order_extras": {"contract": "unsent_contract"},
    "contracts.send": {"contract": "unsent_contract"}, "contracts.withdraw_contract": {"contract": "unsent_contract"},
}  # fmt: skip
BY_LINK = (  # the link is the key
    "accounts.confirm", "accounts.reset", "accounts.invitation", "accounts.arrive", "papers.outside",
    "papers.outside_code", "papers.outside_sign", "papers.outside_refuse", "papers.copy",
    "vetting.assess", "vetting.assess_file", "alerts.stop",
)  # fmt: skip
WAITING = (  # open only while a paper waits (tests/papers), with a questionnaire, an assessment (tests/vetting), or
    # where a mission asks something in confidence or has sealed files (tests/papers, plugins/cybersecurity), or where
    # sellers make their invoices themselves or no rule explains a tax (tests/invoices)
    "papers.early_answer", "papers.early_read", "missions.sealed_file",
    "papers.take_back", "papers.ask_again", "papers.sign_paper", "questionnaires.show", "operator.vetting_assessors",
    "operator.vetting_defence", "operator.vetting_defence_missed", "invoicing.hand_in", "operator.invoices_tax",
    "operator.invoices_tax_decide",
)  # fmt: skip
EVERYBODYS = ("notices.review",)  # what is shown is for everybody: tests/notices knocks at what is not
OUTSIDERS = ("anonymous", "stranger_freelancer", "stranger_client", "unconfirmed")
INSIDERS = ("owner", "freelancer", "hidden_freelancer", "staff_admin", "stranger_freelancer")


def rules_of_things(app):
    found = [r for r in app.url_map.iter_rules() if r.arguments - NO_THING and r.endpoint not in BY_LINK]
    return [r for r in found if not r.endpoint.startswith(("web.", "static", "x-", "inbox."))]


def sample(cast, rule, extra=None):
    names = {}
    for prefix, own in SAMPLES_OF.items():
        if rule.endpoint.startswith(prefix):
            names |= own
    names |= extra or {}
    chosen = {a: names.get(a) or SAMPLES.get(a, "") for a in rule.arguments - NO_THING}
    return {a: cast.things.get(n) or cast.people.get(n) for a, n in chosen.items()}


def address(cast, rule, extra=None):
    own = {"check": "documents"} if rule.endpoint.startswith("vetting.theirs") else {}
    return rule.build({a: (NAMES | own).get(a, "") for a in rule.arguments & NO_THING} | sample(cast, rule, extra))[1]


def test_every_parameter_of_a_page_has_a_sample(app, cast):
    bare = [f"{rule}: {a}" for rule in rules_of_things(app) for a, id_ in sample(cast, rule).items() if not id_]
    assert not bare, "\n".join(map(str, bare))


def test_strangers_are_told_that_a_thing_of_others_is_not_there(app, cast, visitors):
    policies, seen = app.extensions[POLICIES], []
    for rule in rules_of_things(app):
        if rule.endpoint in EVERYBODYS:
            continue
        for method in rule.methods & {"GET", "POST"}:
            if policies[rule.endpoint, method].name.startswith("staff"):
                continue  # the walk of routes has shown that they reach nobody else
            seen += [
                f"{method} {rule} as {part}: {code}" for part in OUTSIDERS
                if (code := knock(cast, visitors[part], rule, method)) not in kept_out(policies, rule, method)
            ]  # fmt: skip
    assert not seen, "\n".join(map(str, seen))


def knock(cast, visitor, rule, method, extra=None):
    path, data = address(cast, rule, extra), {"csrf_token": visitor.csrf()} | typed(cast)
    return visitor.client.open(path, method=method, data=data, headers=BRIEFLY).status_code


def typed(cast):
    """What forms without an address of their own send along."""
    return {"freelancer": cast.people["freelancer"], "note": cast.things["note"]}


def kept_out(policies, rule, method):
    """404, or what the side that the page is for answers before any thing is looked up."""
    return (404,) if policies[rule.endpoint, method].name == "public" else (404, 303, 403)


@pytest.mark.parametrize("part", ["stranger_client", "stranger_freelancer"])
def test_a_stranger_of_the_right_side_is_told_404_and_not_that_it_is_forbidden(app, cast, visitors, part):
    side = {"stranger_client": ("signed_in", "client"), "stranger_freelancer": ("signed_in", "freelancer")}[part]
    told = [
        f"{method} {rule}: {code}" for rule in rules_of_things(app) for method in rule.methods & {"GET", "POST"}
        if app.extensions[POLICIES][rule.endpoint, method].name.startswith(side)
        and (code := knock(cast, visitors[part], rule, method)) != 404
    ]  # fmt: skip
    assert not told, "\n".join(map(str, told))


def test_the_freelancer_of_a_deal_reaches_nothing_that_is_the_clients_own(app, cast, visitors):
    own = ("organisation", "invitation", "account", "command", "note", "notice", "session")
    reached = [
        f"{method} {rule}: {code}" for rule in rules_of_things(app) if rule.arguments & set(own)
        for method in rule.methods & {"GET", "POST"}
        if (code := knock(cast, visitors["freelancer"], rule, method)) not in (403, 404)
    ]  # fmt: skip
    assert not reached, "\n".join(map(str, reached))


def test_a_thing_of_others_does_not_open_under_an_address_of_ones_own(app, cast, visitors):
    mine = {"organisation": "other_organisation", "mission": "other_draft", "contract": "other_contract",
            "milestone": "other_milestone"}  # fmt: skip
    opened = []
    for rule in rules_of_things(app):
        things = [a for a in rule.arguments if a in SAMPLES]
        for owned in set(things) & set(mine):
            if len(things) < 2:
                continue
            for method in rule.methods & {"GET", "POST"}:
                code = knock(cast, visitors["stranger_client"], rule, method, {owned: mine[owned]})
                if code not in (403, 404):
                    opened.append(f"{method} {rule} with my {owned}: {code}")
    assert not opened, "\n".join(map(str, opened))


def test_staff_who_only_read_decide_nothing(app, cast, visitors):
    decided = [
        f"{rule} as {part}: {code}" for rule in rules_of_things(app) for part in ("staff_auditor", "staff_support")
        if "POST" in rule.methods and rule.endpoint.startswith("operator.") and rule.endpoint != "operator.jobs_retry"
        and (code := knock(cast, visitors[part], rule, "POST")) not in (403, 404)
    ]  # fmt: skip
    assert not decided, "\n".join(decided)


def test_every_page_of_a_thing_opens_for_somebody_whom_it_concerns(app, cast, visitors):
    pages = [r for r in rules_of_things(app) if "GET" in r.methods and r.endpoint not in WAITING]
    shut = [str(rule) for rule in pages if not opens(cast, visitors, rule)]
    assert not shut, "\n".join(map(str, shut))


def opens(cast, visitors, rule):
    codes = (knock(cast, visitors[p], rule, "GET", OPEN_OF.get(rule.endpoint)) for p in INSIDERS)
    return any(code < 400 for code in codes)


def test_every_deed_on_a_thing_is_known_to_somebody_whom_it_concerns(app, cast, visitors):
    """An empty form is refused for what it lacks, never for who sends it; it never ends in an error of ours."""
    deeds = [r for r in rules_of_things(app) if "POST" in r.methods and r.endpoint not in WAITING]
    gone = [
        f"{rule}: {codes}" for rule in sorted(deeds, key=lambda r: ("remove" in r.rule, r.rule))
        if (codes := [knock(cast, visitors[p], rule, "POST", OPEN_OF.get(rule.endpoint)) for p in INSIDERS])
        and (all(c in (403, 404) for c in codes) or any(c >= 500 for c in codes))
    ]  # fmt: skip
    assert not gone, "\n".join(map(str, gone))
