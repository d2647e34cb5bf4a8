"""How people and missions are ranked, as the operator says it: weights, what is switched off, what is kept."""

from collections.abc import Mapping
from dataclasses import field

from marshmallow import fields, validate

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.strict import Strict, says


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """``weights`` by criterion replace those that the plugins give; ``off`` are criteria that do not run at all."""

    weights: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    keep_days: int = 365
    unanswered_days: int = 5


class RankingTable(Strict):
    """``[ranking]``."""

    weights = fields.Dict(
        keys=fields.Str(validate=validate.Length(1, 60)),
        values=fields.Float(validate=validate.Range(min=0, max=1000)),
        load_default=dict,
        metadata=says(
            N_("Weights"),
            N_(
                "Shares of any sum, by criterion; 0 keeps the condition and gives no points. Empty: as the plugin says."
            ),
        ),
    )
    off = fields.List(
        fields.Str(validate=validate.Length(1, 60)),
        load_default=list,
        metadata=says(N_("Switched off"), N_("Criteria that do not run at all, their conditions neither.")),
    )
    keep_days = fields.Int(
        load_default=365,
        strict=True,
        validate=validate.Range(30, 1826),
        metadata=says(
            N_("Days that a ranking is kept"),
            N_("Every list of matches that was shown, to explain it and to try other weights on it."),
        ),
    )
    unanswered_days = fields.Int(
        load_default=5,
        strict=True,
        validate=validate.Range(1, 60),
        metadata=says(
            N_("Days without an answer"), N_("After so many days a {mission} that nobody answered is a task for staff.")
        ),
    )
