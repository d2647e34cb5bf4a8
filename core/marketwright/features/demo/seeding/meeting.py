"""What a contract waits for, met in the words of the demo data."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from string import Template
from typing import Any

from sqlalchemy import select

from marketwright.features.contracts import conditions
from marketwright.features.contracts.tables import ContractCondition
from marketwright.features.demo.seeding.play import Play
from marketwright.features.demo.seeding.source import Json, suits
from marketwright.features.files import service as files
from marketwright.features.papers.acting import meet_one
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Role


def authorise(play: Play) -> None:
    """Meet what the contract waits for."""
    with play.stage.house.database.reading() as session:
        names = sorted(set(session.scalars(
            select(ContractCondition.name).where(ContractCondition.contract_id == play.contract)
        )))  # fmt: skip
    for name in names:
        meet(play, name)


def meet(play: Play, name: str, values: Json | None = None) -> None:
    """Meet the condition ``name``: its form with ``values`` over the plugin's example, or a statement in writing.

    Without ``values`` it is what the demo data says of the condition for such a mission.
    """
    house, condition = play.stage.house, play.stage.house.plugins.conditions[name].it
    values = filled(play, values if values is not None else _told(play, name))
    if condition.fields or condition.paper:
        with house.database.pretending(play.stage.ago(days=play.days_ago)):
            meet_one(house, play.contract, name, partial(_act, play), values=values)
        return
    attached = "Voir le fichier joint." if play.mission["language"] == "fr" else "See the file attached."
    words = values.get("words") or attached

    def state(uow: UnitOfWork) -> None:
        file = files.store(
            uow, data=f"{play.mission['title']}\n\n{words}\n".encode(), name="statement.txt",
            purpose="condition", owner_kind="contract", owner_id=play.contract,
        )  # fmt: skip
        conditions.meet(uow, contract=play.contract, name=name, evidence=words, file=file,
                        on=uow.now.date().isoformat() if "date" in condition.asks else "")

    _act(play, condition.role, state)


def _act(play: Play, role: Role, deed: Callable[[UnitOfWork], object]) -> None:
    play.act(play.freelancer if role is Role.FREELANCER else play.client, deed)


def _told(play: Play, name: str) -> Json:
    """What the demo data has for the condition ``name`` in the mission's language."""
    for text in play.source.texts.get("conditions", []):
        if text["condition"] == name and text["language"] == play.mission["language"] and suits(text, play.mission):
            return dict(text["values"])
    return {}


def filled(play: Play, value: Any) -> Any:
    """``value`` with $freelancer, $client, and days as they are on this day of the deal.

    The days are $today, $tomorrow, $fortnight and $later (half a year on).
    """
    today = play.stage.ago(days=play.days_ago).date()
    organisation = next(o for o in play.source.organisations if o["key"] == play.mission["organisation"])
    words = {
        "freelancer": play.person["name"], "client": organisation["legal"]["signatory"],
        "today": today.isoformat(), "tomorrow": (today + timedelta(days=1)).isoformat(),
        "fortnight": (today + timedelta(days=15)).isoformat(), "later": (today + timedelta(days=180)).isoformat(),
    }  # fmt: skip
    return _written(value, words)


def _written(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return Template(value).safe_substitute(words)
    if isinstance(value, Mapping):
        return {k: _written(v, words) for k, v in value.items()}
    if isinstance(value, Sequence):
        return [_written(v, words) for v in value]
    return value
