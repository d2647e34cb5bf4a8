"""What pages show of alerts: the form that makes one, and each of one's own."""

from marketwright.features.alerts.queries import AlertRow, of_target
from marketwright.features.missions.queries import missions_by_id
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.house import reading, viewer
from marketwright.web.i18n import gettext

FREQUENCY_LABELS = {"at_once": N_("At once"), "daily": N_("Once a day"), "weekly": N_("Once a week")}


@dataclass(frozen=True, slots=True)
class SaveView:
    """The form that saves a search or asks for new matches; ``saved`` is the name of the alert that is there already.

    ``next`` is where to come back to after signing in, '' for who is signed in.
    """

    kind: str
    target: str
    name: str
    frequencies: list[tuple[str, str]]
    saved: str
    how: str
    next: str


def frequencies() -> list[tuple[str, str]]:
    """How often somebody may be told: (value, label)."""
    return [(value, gettext(label)) for value, label in FREQUENCY_LABELS.items()]


def save_view(kind: str, target: str, name: str, path: str) -> SaveView:
    """The form under a list whose address is ``path``; ``name`` is what it suggests."""
    me = viewer()
    found = of_target(reading(), me.account, kind, target) if me else None
    how = "" if found is None else gettext("paused") if found.paused else gettext(FREQUENCY_LABELS[found.frequency])
    return SaveView(kind, target, name[:120], frequencies(), found.name if found else "", how, "" if me else path)


def title_of(found: AlertRow) -> str:
    """What an alert that is no search is about."""
    if found.kind == "my_matches":
        return gettext("{Mission.other} that fit your {profile}")
    mission = missions_by_id(reading(), [found.target]).get(found.target)
    return gettext("{Freelancer.other} who fit “%(title)s”", title=mission.title if mission else "")
