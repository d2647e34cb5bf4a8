"""What the marketplace template's own hooks ask: so that plain cookiecutter offers and refuses the same as we do."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from marketwright.baking.answers import BLANK, Offers, choices, problems

OFFERS = "MARKETWRIGHT_OFFERS"  # what is installed, as JSON: spares the hooks the search
# what is worn where no theme is named, by the niche
OWN_THEME = "{{ cookiecutter._own_themes.get(cookiecutter.niche, cookiecutter._own_themes.blank) }}"
QUIET = "MARKETWRIGHT_QUIET"  # set by whoever says itself what to do next


def known_offers() -> Offers:
    """What is installed: as the environment says, or looked up now."""
    given = os.environ.get(OFFERS)
    if given:
        told = json.loads(given)
        return Offers(
            tuple(told["niches"]), tuple(told["themes"]), told["providers"],
            {k: tuple(v) for k, v in told["secrets"].items()}, told["colours"],
            tuple(told["without_hold"]), {k: tuple(v) for k, v in told["courses"].items()}, told["own_themes"],
            told["refused"],
        )  # fmt: skip
    from marketwright.baking.offers import installed_offers

    return installed_offers()


def as_environment(offers: Offers) -> dict[str, str]:
    """The variable that spares the hooks the search."""
    return {OFFERS: json.dumps(asdict(offers))}


def offer(folder: Path) -> None:
    """Write what is installed into the questions of the template in ``folder`` (a copy of its own)."""
    offers, file = known_offers(), folder / "cookiecutter.json"
    asked: dict[str, Any] = json.loads(file.read_text("utf-8"))
    asked.update({key: list(listed) for key, listed in choices(offers).items()})
    asked["theme"] = [OWN_THEME, *asked["theme"]]
    asked["_own_themes"] = {niche: offers.theme_of(niche) for niche in (BLANK, *offers.niches)}
    asked["_providers"] = dict(offers.providers)
    asked["_without_hold"] = list(offers.without_hold)
    asked["_courses"] = {niche: list(names) for niche, names in offers.courses.items()}
    asked["_secrets"] = {k: list(v) for k, v in offers.secrets.items()}
    asked["_colours"] = dict(offers.colours)
    file.write_text(json.dumps(asked, indent=2), "utf-8")


def refuse(answers: Mapping[str, str]) -> int:
    """Say on standard error what is wrong with the answers; 1 when anything is, else 0."""
    found = problems(answers, known_offers())
    for sentence in found:
        print(f"Error: {sentence}", file=sys.stderr)  # noqa: T201
    return 1 if found else 0
