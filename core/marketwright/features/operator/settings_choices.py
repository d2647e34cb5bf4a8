"""What the forms of the settings offer: themes, providers, courses of a deal and checks that there are here."""


from marshmallow import Schema
from marshmallow import fields as ma

from marketwright.features.contracts.registry import processes
from marketwright.features.vetting.checks import Asked
from marketwright.features.vetting.showing import GATES as GATE_WORDS
from marketwright.kernel.packages import offered
from marketwright.kernel.text import N_
from marketwright.settings.schema import GATES
from marketwright.theming.theme import GROUP
from marketwright.web.house import House
from marketwright.web.i18n import _, translate
from marketwright.web.site import LANGUAGE_NAMES

ENTRY_WORDS = (
    ("open", N_("Open: whoever signs up")), ("approval", N_("By approval: staff say yes")),
    ("invitation", N_("By invitation alone")),
)  # fmt: skip
Offered = dict[str, list[tuple[str, str]]]


def choices_of(house: House) -> Offered:
    """Choices by dotted key."""
    found = processes(house.plugins)
    themes = sorted(p.name for p in offered(GROUP))
    checks = [(name, translate(label)) for name, label in house.ports.get(Asked).labels.items()]
    entry = [(value, _(label)) for value, label in ENTRY_WORDS]
    return {
        "marketplace.theme": [(name, name.capitalize()) for name in themes],
        "deal.processes": [(name, translate(p.label)) for name, p in found.items()],
        "deal.provider": [(name, translate(e.it.label)) for name, e in house.plugins.payment_providers.items()],
        "access.freelancers": entry, "access.clients": entry, "access.missions": entry[:2],
        **{f"gates.{gate}": checks for gate in GATES},
    }  # fmt: skip


def languages_of(house: House) -> Offered:
    """Languages by name, for what is said once a language."""
    spoken = [(code, LANGUAGE_NAMES.get(code, code)) for code in house.marketplace.languages]
    known = list(LANGUAGE_NAMES.items())
    return {"marketplace.languages": known, "marketplace.tagline": spoken}


def gates_schema() -> Schema:
    """The gates, each with the checks that it asks for."""
    made: Schema = Schema.from_dict(
        {gate: ma.List(ma.Str(), load_default=list, metadata={"label": _gate_words(gate)}) for gate in GATES}
    )()
    return made


def _gate_words(gate: str) -> str:
    words = translate(GATE_WORDS.get(gate, gate))
    return words[:1].upper() + words[1:]
