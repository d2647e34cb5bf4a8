"""The whole run, in the order of a marketplace's life; the same seed gives the same marketplace."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from secrets import token_urlsafe
from time import monotonic

from sqlalchemy import func, select

from marketwright.features.accounts.tables import Account
from marketwright.features.demo.bar import PASSWORD
from marketwright.features.demo.seeding import (
    afterwards,
    assessments,
    briefs,
    checks,
    courses,
    deals,
    papers,
    people,
    periods,
    rankings,
    services,
    talks,
)
from marketwright.features.demo.seeding.source import Source, find_source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.skills.service import import_taxonomy
from marketwright.features.skills.taxonomy import read_taxonomy
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.settings.marketplace import Stage as MarketStage
from marketwright.web.house import House
from marketwright.web.i18n import speaking

Say = Callable[[str], None]
SEED = 20210101


def seed(house: House, say: Say = lambda _text: None, *, number: int = SEED, most: int = 0) -> Stage:
    """Fill an empty demo marketplace; refuses a live stage and one that has people already.

    Personas have the password that everybody knows at the demo stage alone, elsewhere one made for them
    (``password`` of what is returned). ``most`` freelancers at the most, where a few are enough (tests); 0 brings all.
    """
    if house.marketplace.stage is MarketStage.LIVE:
        raise Conflict("A live marketplace is not seeded.")
    with house.database.reading() as session:
        if session.scalar(select(func.count()).select_from(Account)):
            raise Conflict("There are people already; begin with an empty database (./demo --reset).")
    told, house.database.subscribers = house.database.subscribers, []
    stage = Stage(house, Random(number), house.clock.business())  # noqa: S311  a demo's dice, not a secret
    open_to_all = house.marketplace.stage is MarketStage.DEMO  # a test stage has a host name, and strangers knock
    stage.password = PASSWORD if open_to_all else token_urlsafe(9)
    try:
        import_skills(stage, say)
        people.bring_staff(stage)
        source = find_source(house.plugins)
        with speaking(house.marketplace.languages[0], house.catalogues):
            if source is not None:
                _bring(stage, replace(source, people=source.people[: most or None]), say)
        seal_all(house.database, house.marketplace.var)
    finally:
        house.database.subscribers = told
    return stage


def import_skills(stage: Stage, say: Say) -> None:
    """The taxonomies of the enabled plugins."""
    for entry in stage.house.plugins.taxonomies:
        rows = read_taxonomy(entry.it.path)
        with stage.unit() as uow:
            report = import_taxonomy(uow, rows.rows, taxonomy=entry.it.name)
        if report.refused:
            raise InvalidInput({str(entry.it.path): [str(f) for f in report.faults[:3]]})
        say(f"{report.created + report.updated} skills of {entry.it.label}")


def _bring(stage: Stage, source: Source, say: Say) -> None:
    steps: tuple[tuple[str, Callable[[Stage, Source], None]], ...] = (
        (f"{len(source.organisations)} client organisations", people.bring_organisations),
        (f"{len(source.people)} freelancers", people.bring_freelancers),
        (f"{len(source.missions)} missions", briefs.bring_missions),
        ("answers to questionnaires", courses.bring_answers),
        ("deals in every state", deals.bring_deals),
        ("deals on the trade's own course", courses.bring_courses),
        ("work by the day", periods.bring_periods),
        ("services", services.bring_services),
        ("invoices of finished deals", papers.bring_documents),
        ("applications and conversations", talks.bring_talks),
        ("a code", afterwards.bring_codes),
        ("reviews", afterwards.bring_reviews),
        ("proofs of claims, and a queue of evidence", afterwards.bring_proofs),
        ("checks of people", checks.bring_checks),
        ("works that assessors mark", assessments.bring_assessments),
        ("plans", afterwards.bring_plans),
        ("lists that clients hired from", rankings.bring_rankings),
        ("missions that have ended", afterwards.end_missions),
        ("personas", afterwards.choose_personas),
    )
    for what, step in steps:
        began = monotonic()
        step(stage, source)
        say(f"{what} ({monotonic() - began:.1f} s)")
