"""The operator's weights over those of the plugins, and the criteria that are switched off."""

from collections.abc import Mapping
from math import isfinite
from typing import Any, cast

from marshmallow import ValidationError

from marketwright.features.matching.ranking import Criterion
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BadSetting, by_key
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.ranking import RankingTable
from marketwright.strategies.matching import COLUMNS, PAIR_COLUMNS, banned_words

SEMANTIC = "semantic_met"  # who reads it is left out where no plugin brings an embedder
ALL_ZERO = N_("Every weight is 0: at least one criterion has to count.")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What the plugins brought: those that run and those switched off; ``own`` are the plugins' weights by name."""

    running: tuple[Criterion, ...]
    off: tuple[Criterion, ...]
    own: Mapping[str, float]


def weigh(plugins: Plugins, marketplace: Marketplace) -> Criteria:
    """Give each criterion its weight and take out what is switched off; once, before anything is ranked.

    ``BadSetting`` names the key: a criterion that nobody brings, weights that are all 0, nothing left running. What the
    console said of a plugin that is not enabled any more waits until it is.
    """
    said = marketplace.ranking
    brought = tuple(e for e in plugins.matching_criteria if plugins.embedder or SEMANTIC not in e.it.reads)
    _check_columns(plugins)
    for entry in brought:
        if not isfinite(entry.it.weight):
            weight = f"{entry.it.name!r} weighs {entry.it.weight}"
            raise BadSetting(f"the criterion {weight}, of which no share can be made.",
                             where=f"plugin {entry.plugin}", fix="Give it a finite weight, such as 0.1.")  # fmt: skip
    own = {e.it.name: max(float(e.it.weight), 0.0) for e in brought}
    for key, name in [*((f"ranking.weights.{n}", n) for n in said.weights), *(("ranking.off", n) for n in said.off)]:
        if name not in own and not any(key.startswith(saved) for saved in marketplace.source.overlay):
            raise BadSetting(
                f"no enabled plugin brings a criterion {name!r}.", where=f"marketplace.toml: {key}", key=key,
                fix=f"There are: {', '.join(own) or 'none'}.", errors={key: [f"There is no criterion {name!r}."]},
            )  # fmt: skip
    for entry in brought:
        entry.it.weight = said.weights.get(entry.it.name, own[entry.it.name])
    running = tuple(e for e in brought if e.it.name not in said.off)
    if brought and not running:
        raise _refused("ranking.off", N_("Everything is switched off: at least one criterion has to run."))
    if brought and not any(e.it.weight > 0 for e in running):
        raise _refused("ranking.weights", ALL_ZERO)
    plugins.matching_criteria = running
    return Criteria(running, tuple(e for e in brought if e not in running), own)


def check_weights(ranking: Mapping[str, Any], criteria: Criteria) -> dict[str, float]:
    """The weights of a table ``[ranking]`` for criteria that there are; one that it switches off weighs 0.

    ``BadSetting`` names the key.
    """
    try:
        said = RankingTable(only=("weights", "off")).load(ranking)
    except ValidationError as error:
        found = by_key(cast(Mapping[str, Any], error.messages), "ranking")
        errors = {key.removesuffix(".value"): said for key, said in found.items()}
        key = next(iter(errors))
        raise BadSetting(" ".join(errors[key]), where=key, key=key, errors=errors) from error
    weights = {**said["weights"], **dict.fromkeys(said["off"], 0.0)}
    for name in weights:
        if name not in criteria.own:
            raise BadSetting(f"There is no criterion {name!r}.", where=f"ranking.weights.{name}",
                             key=f"ranking.weights.{name}", fix=f"There are: {', '.join(criteria.own)}.")  # fmt: skip
    running = {e.it.name: e.it.weight for e in criteria.running} | weights
    if not any(w > 0 for w in running.values()):
        raise _refused("ranking.weights", ALL_ZERO)
    return weights


def _check_columns(plugins: Plugins) -> None:
    """Refuse a column of messages, or of protected or emotional attributes, and a criterion that reads what is none."""
    fields = [e for e in plugins.fields if e.it.column]
    for field in fields:
        words = banned_words(field.it.name)
        if words:
            by = ", ".join(sorted(words))
            raise BadSetting(
                f"the field {field.it.name!r} cannot be a matching column: nobody is ranked by {by}.",
                where=field.plugin, fix="Take `column` away from it.",
            )  # fmt: skip
    own = {f"x_{e.it.name}" for e in fields}
    for entry in plugins.matching_criteria:
        odd = [c for c in entry.it.reads if c not in COLUMNS and c not in PAIR_COLUMNS and c.split(".")[0] not in own]
        if odd:
            raise BadSetting(
                f"the criterion {entry.it.name!r} reads {odd[0]!r}, which is no column.",
                where=f"plugin {entry.plugin}",
                fix="docs/tutorials/matching-criterion.md lists them; of a field with column=True it is x_<name>.",
            )  # fmt: skip


def _refused(key: str, why: str) -> BadSetting:
    return BadSetting(why, where=f"marketplace.toml: {key}", key=key, errors={key: [why]})
