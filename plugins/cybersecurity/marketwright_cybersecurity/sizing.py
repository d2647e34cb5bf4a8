"""What security work takes: each kind of asset and how many of them, where they run, the report, the retest."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marketwright.plugin import N_, Effort, Estimate, Estimator, Field, FieldForm, Sizing, say

_KINDS: Final[Mapping[str, tuple[float, float, Mapping[str, str]]]] = {  # days for the first, for each further one
    "web_application": (4.0, 2.5, {"en": "Web application", "fr": "Application web"}),
    "api": (2.5, 1.5, {"en": "API", "fr": "API"}),
    "mobile_app": (4.0, 3.0, {"en": "Mobile application", "fr": "Application mobile"}),
    "external_host": (1.0, 0.15, {"en": "Host on the internet", "fr": "Hôte exposé sur internet"}),
    "internal_host": (1.5, 0.05, {"en": "Host on the internal network", "fr": "Hôte du réseau interne"}),
    "cloud_account": (3.0, 1.5, {"en": "Cloud account", "fr": "Compte cloud"}),
    "directory": (3.0, 2.0, {"en": "Directory (forest)", "fr": "Annuaire (forêt)"}),
    "people": (2.0, 0.02, {"en": "Person in reach of phishing", "fr": "Personne exposée à l’hameçonnage"}),
}
_REPORT: Final = 0.2  # of the days of testing
_RETEST: Final = 0.15
_LIVE: Final = 0.15  # in production: slower, watched, at agreed hours
_DEEPER: Final = {"red_team": 0.6}  # of the days of testing: unseen, over weeks
_TESTED: Final = ("pentest", "red_team", "audit")

ASSETS = Field(
    "mission", "assets", FieldForm.ROWS, {"en": "What is to be tested", "fr": "Ce qui est à tester"},
    hint={"en": "Kinds and how many, without names: these stand among the targets.",
          "fr": "Les types et leur nombre, sans noms : ceux-ci figurent parmi les cibles."},
    rows=(
        Field("mission", "asset_kind", FieldForm.CHOICE, {"en": "Kind", "fr": "Type"},
              choices=tuple((kind, dict(label)) for kind, (_first, _more, label) in _KINDS.items()), required=True),
        Field("mission", "asset_count", FieldForm.NUMBER, {"en": "How many", "fr": "Combien"}, minimum=1,
              maximum=10_000, required=True),
    ), most=8,
)  # fmt: skip


class SecurityDays(Estimator):
    """Kinds of assets times their number, plus production, the report and the retest."""

    name = "cybersecurity.days"
    label = N_("Days of security work")

    def estimate(self, brief: Sizing) -> Estimate | None:
        """``None`` for work that is not sized by assets, and until the brief says which and how many."""
        kind, rows = brief.fields.get("engagement"), brief.fields.get("assets") or ()
        counts = _counts(rows)
        if kind not in _TESTED or not counts:
            return None
        parts = [_asset(name, count) for name, count in counts.items()]
        testing = sum(p.days for p in parts)
        if brief.fields.get("environment") in ("production", "both"):
            parts.append(Effort(N_("In production"), _half(testing * _LIVE),
                                N_("Slower and at agreed hours, so that nothing stops; somebody watches.")))
        if kind in _DEEPER:
            parts.append(Effort(N_("Staying unseen"), _half(testing * _DEEPER[kind]),
                                N_("A red team builds its own way in and does not show itself.")))
        parts.append(Effort(N_("Report"), max(1.0, _half(testing * _REPORT)),
                            N_("Each finding with evidence, score and remedy, and a summary for who decides.")))
        parts.append(Effort(N_("Retest"), max(0.5, _half(testing * _RETEST)),
                            N_("What was mended is tested again before the budget is released.")))
        likely = max(2, round(sum(p.days for p in parts)))
        return Estimate(max(1, round(likely * 0.8)), likely, max(likely, round(likely * 1.4)), tuple(parts))


def _counts(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        kind, count = row.get("asset_kind"), row.get("asset_count")
        if kind in _KINDS and isinstance(count, int | float) and count >= 1:
            found[kind] = found.get(kind, 0) + int(count)
    return found


def _asset(kind: str, count: int) -> Effort:
    first, more, label = _KINDS[kind]
    why = say("%(first)s days for the first, %(more)s for each further one: the ground is known by then.",
              first=f"{first:g}", more=f"{more:g}") if count > 1 else say("%(first)s days for one.", first=f"{first:g}")
    return Effort(say("%(kind)s: %(n)s", kind=say(label["en"]), n=count), _half(first + more * (count - 1)), why)


def _half(days: float) -> float:
    return round(days * 2) / 2
