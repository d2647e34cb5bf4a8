"""Services on profiles, and two that were bought."""

from datetime import timedelta

from marketwright.features.contracts import steps
from marketwright.features.contracts.registry import service_process
from marketwright.features.demo.seeding.deals import milestones_of, send, sign, step
from marketwright.features.demo.seeding.meeting import authorise
from marketwright.features.demo.seeding.play import Play
from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.services import buying
from marketwright.features.services import service as services
from marketwright.features.services.service import Extra, Package
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.money import Money

BOUGHT = (("bought", 4.0), ("handed_over", 12.0))  # how far, and how many days ago


def bring_services(stage: Stage, source: Source) -> None:
    """Each service on the profile of somebody who has its skill, speaks its language and is in the lists."""
    house = stage.house
    if not source.services or service_process(house.plugins, house.marketplace) is None:
        return
    taken: set[str] = set()
    made: list[tuple[str, Json, Json]] = []
    for number, given in enumerate(source.services):
        person = next((p for p in source.people if _fits(p, given) and p["key"] not in taken), None)
        if person is None:
            continue
        taken.add(person["key"])
        by, currency = stage.ids[f"person:{person['key']}"], house.marketplace.currency
        package = Package(
            given["title"], given["summary"], given["description"], given["language"],
            Money(given["price_minor"], currency), given["days"], given.get("wants", ""),
            tuple(Extra(o["label"], Money(o["price_minor"], currency), o.get("days", 0)) for o in given["options"]),
        )  # fmt: skip
        try:
            with stage.unit(stage.ago(days=40 - number), by=by) as uow:
                key = services.write(uow, package=package)
                services.publish(uow, service=key)
            made.append((key, given, person))
        except MarketwrightError as error:
            stage.notes.append(f"service {number} of {person['key']}: {error}")
    _buy(stage, source, made)


def _fits(person: Json, given: Json) -> bool:
    speaks = person["language"] == given["language"]
    return bool(person["business"] and speaks and given["skill"] in {s["skill"] for s in person["skills"]})


def _buy(stage: Stage, source: Source, made: list[tuple[str, Json, Json]]) -> None:
    for (target, days_ago), (key, given, person) in zip(BOUGHT, made[:: max(1, len(made) // 3)], strict=False):
        mission = next((m for m in source.missions if m["language"] == given["language"]), source.missions[0])
        play = Play(stage, source, mission | {"title": given["title"]}, person, "", days_ago)
        try:
            _play(play, key, target)
            stage.played.append((target, play.client, play.freelancer))
        except MarketwrightError as error:
            stage.notes.append(f"order of {given['title']}: {error}")


def _play(play: Play, service: str, target: str) -> None:
    house, organisation = play.stage.house, play.stage.ids[f"organisation:{play.mission['organisation']}"]
    course = service_process(house.plugins, house.marketplace)
    with house.database.reading() as session:
        chosen = buying.choose(session, service, [1])
        quote = quote_of(
            session, house.plugins, house.marketplace, client=organisation, freelancer=play.freelancer,
            lines=chosen.offer.lines, currency=house.marketplace.currency,
            on=(play.stage.now - timedelta(days=play.days_ago)).date(), process=course.name if course else "",
        )  # fmt: skip
    brief = "Vous trouverez les accès dans le dossier partagé." if play.mission["language"] == "fr" else (
        "You will find the accesses in the shared folder.")  # fmt: skip
    play.contract = str(play.act(play.client, lambda uow: buying.buy(
        uow, service=service, organisation=organisation, options=[1], brief=brief, quote=quote,
        version=chosen.service.version,
    )))  # fmt: skip
    send(play)
    sign(play, play.client)
    if target == "bought":
        return
    sign(play, play.freelancer)
    authorise(play)
    (only,) = milestones_of(play)
    step(play, play.client, only, "fund")
    play.later(6)
    note = "Rapport et liste des mesures, comme convenu." if play.mission["language"] == "fr" else (
        "Report and list of measures, as agreed.")  # fmt: skip
    play.act(play.freelancer, lambda uow: steps.deliver(uow, milestone=only, transition="deliver", note=note))
