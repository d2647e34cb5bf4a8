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
    "examined_host": (1.5, 0.5, {"en": "Machine to examine after an incident",
                                 "fr": "Machine à examiner après incident"}),
    "mailbox": (1.0, 0.25, {"en": "Mailbox to examine", "fr": "Boîte de courriel à examiner"}),
    "log_source": (2.0, 0.75, {"en": "Source of logs", "fr": "Source de journaux"}),
    "rule": (1.0, 0.4, {"en": "Detection rule", "fr": "Règle de détection"}),
    "framework": (6.0, 3.0, {"en": "Framework to be met", "fr": "Référentiel à satisfaire"}),
    "site": (1.5, 1.0, {"en": "Site or team to visit", "fr": "Site ou équipe à visiter"}),
}
_OTHER: Final[Mapping[str, tuple[str, ...]]] = {  # what work that tests nothing is sized by
    "incident_response": ("examined_host", "mailbox"), "detection": ("log_source", "rule"),
    "governance": ("framework", "site"),
}  # fmt: skip
_AFTER: Final[Mapping[str, tuple[tuple[str, float, float, str], ...]]] = {  # what, part of the days before, least, why
    "tested": (
        (N_("Report"), 0.2, 1.0, N_("Each finding with evidence, score and remedy, and a summary for who decides.")),
        (N_("Retest"), 0.15, 0.5, N_("What was mended is tested again before the budget is released.")),
    ),
    "incident_response": (
        (N_("Incident report"), 0.3, 1.0, N_("The timeline, how it began, what was reached, the facts to notify.")),
        (N_("Lessons"), 0.1, 0.5, N_("A review with those who were there; each measure with an owner and a day.")),
    ),
    "detection": (
        (N_("Replay and tuning"), 0.35, 2.0, N_("Each rule is replayed, then tuned on real events until the noise is "
                                                "what was agreed.")),
        (N_("Hand-over"), 0.1, 0.5, N_("Who watches learns what each rule means and what to do about it.")),
    ),
    "governance": (
        (N_("Statement and plan"), 0.3, 2.0, N_("For each requirement whether it applies; for what is missing a "
                                                "measure, an owner and a day.")),
        (N_("Decisions of the management"), 0.1, 1.0, N_("What stays open is put to those who may decide.")),
    ),
}
_LIVE: Final = 0.15  # in production: slower, watched, at agreed hours
_DEEPER: Final = {"red_team": 0.6}  # of the days of testing: unseen, over weeks
_TESTED: Final = ("pentest", "red_team", "audit")

ASSETS = Field(
    "mission", "assets", FieldForm.ROWS, {"en": "What the work covers", "fr": "Ce que couvrent les travaux"},
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
    """Kinds of assets times their number, plus production, and what follows: report and retest, tuning, decisions."""

    name = "cybersecurity.days"
    label = N_("Days of security work")

    def estimate(self, brief: Sizing) -> Estimate | None:
        """``None`` until the brief says what the work covers and how many of it."""
        kind = str(brief.fields.get("engagement") or "")
        counts = _counts(brief.fields.get("assets") or (), kind)
        if not counts:
            return None
        parts = [_asset(name, count) for name, count in counts.items()]
        testing = sum(p.days for p in parts)
        if kind in _TESTED and brief.fields.get("environment") in ("production", "both"):
            parts.append(Effort(N_("In production"), _half(testing * _LIVE),
                                N_("Slower and at agreed hours, so that nothing stops; somebody watches.")))
        if kind in _DEEPER:
            parts.append(Effort(N_("Staying unseen"), _half(testing * _DEEPER[kind]),
                                N_("A red team builds its own way in and does not show itself.")))
        after = _AFTER["tested" if kind in _TESTED else kind]
        parts += [Effort(what, max(least, _half(testing * part)), why) for what, part, least, why in after]
        likely = max(2, round(sum(p.days for p in parts)))
        return Estimate(max(1, round(likely * 0.8)), likely, max(likely, round(likely * 1.4)), tuple(parts))


def _counts(rows: Sequence[Mapping[str, Any]], engagement: str) -> dict[str, int]:
    """How many of what such work is sized by; what belongs to other work counts for nothing."""
    others = {name for names in _OTHER.values() for name in names}
    sized = set(_KINDS) - others if engagement in _TESTED else set(_OTHER.get(engagement, ()))
    found: dict[str, int] = {}
    for row in rows:
        kind, count = row.get("asset_kind"), row.get("asset_count")
        if kind in sized and isinstance(count, int | float) and count >= 1:
            found[kind] = found.get(kind, 0) + int(count)
    return found


def _asset(kind: str, count: int) -> Effort:
    first, more, label = _KINDS[kind]
    why = say("%(first)s days for the first, %(more)s for each further one: the ground is known by then.",
              first=f"{first:g}", more=f"{more:g}") if count > 1 else say("%(first)s days for one.", first=f"{first:g}")
    return Effort(say("%(kind)s: %(n)s", kind=say(label["en"]), n=count), _half(first + more * (count - 1)), why)


def _half(days: float) -> float:
    return round(days * 2) / 2
