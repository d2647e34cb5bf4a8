"""Rankings that clients looked at before they hired, so that other weights can be tried on past missions."""

from dataclasses import replace
from datetime import timedelta

from marketwright.features.demo.seeding.source import Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.matching import queries, service
from marketwright.features.matching.matches import kept_now

BEFORE = timedelta(days=4)  # they looked, wrote, and signed


def bring_rankings(stage: Stage, source: Source) -> None:
    """For each mission on which somebody was hired the list as its client saw it, some days before both had signed.

    Ranked with the people of today: those of the day are not kept.
    """
    house = stage.house
    owners = {stage.ids[f"mission:{m['key']}"]: stage.ids[f"owner:{m['organisation']}"] for m in source.missions}
    with house.database.reading() as session:
        hires = queries.hired(session, list(owners))
        lists = {mission: kept_now(house, session, mission, [hire.freelancer]) for mission, hire in hires.items()}
    for mission, hire in hires.items():
        found, at = lists[mission], hire.at - BEFORE
        if found is not None:
            with stage.unit(at, by=owners[mission]) as uow:
                service.keep_ranking(uow, kept=replace(found, day=at.date()), days=house.marketplace.ranking.keep_days)
