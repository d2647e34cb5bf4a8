"""What a drill came to: as it is printed, as it is kept between two parts, and of several parts together."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketwright.testing.drill.orders import Orders
from marketwright.testing.drill.races import never_first
from marketwright.testing.drill.verdict import Verdict

_COUNTED = ("kills", "moments", "races", "webhooks", "faults", "crashes")
_SEEN = ("outcomes", "firsts")


@dataclass
class Told:
    """What a drill came to."""

    verdict: Verdict = field(default_factory=Verdict)
    seconds: float = 0.0
    processor: float = 0.0  # seconds of a core
    kills: Counter[str] = field(default_factory=Counter)
    moments: Counter[str] = field(default_factory=Counter)
    races: Counter[str] = field(default_factory=Counter)
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)
    firsts: dict[str, Counter[str]] = field(default_factory=dict)
    cold: int = 0
    webhooks: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    deals: int = 0
    crashes: Counter[str] = field(default_factory=Counter)  # processes that ended by themselves
    strange: int = 0  # how often somebody who had signed in was not known

    @property
    def never_first(self) -> dict[str, list[str]]:
        """By race that ran often enough to tell: the hands that were never the first."""
        return never_first(self.races, self.firsts)

    @property
    def clean(self) -> bool:
        """Whether nothing was found, nothing ended by itself, and every hand was the first now and then."""
        return not any(self.verdict.counts().values()) and not self.crashes and not self.never_first

    def add(self, more: "Told") -> None:
        """Take in what another part came to."""
        for name, found in vars(more.verdict).items():
            getattr(self.verdict, name).extend(found)
        for name in _COUNTED:
            getattr(self, name).update(getattr(more, name))
        for name in _SEEN:
            for race, seen in getattr(more, name).items():
                getattr(self, name).setdefault(race, Counter()).update(seen)
        self.missed += more.missed
        for name in ("seconds", "processor", "cold", "deals", "strange"):
            setattr(self, name, getattr(self, name) + getattr(more, name))

    def kept(self) -> dict[str, Any]:
        """All of it, as JSON holds it."""
        return {**vars(self), "verdict": dict(vars(self.verdict))}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Told":
        """What :meth:`kept` was made of."""
        values = {"strange": 0, "crashes": {}, **kept, "verdict": Verdict(**kept["verdict"])}
        values |= {name: Counter(values[name]) for name in _COUNTED}
        values |= {name: {race: Counter(seen) for race, seen in kept[name].items()} for name in _SEEN}
        return cls(**values)

    def json(self, orders: Orders) -> dict[str, Any]:
        """As it is printed."""
        return {
            **self.verdict.counts(), "kills": self.kills.total(), "races": self.races.total(),
            "webhooks": self.webhooks.total(), "faults": self.faults.total(), "seconds": round(self.seconds, 1),
            "processor_seconds": round(self.processor, 1), "crashes": self.crashes.total(),
            "never_first": sum(map(len, self.never_first.values())), "faults_missed": len(self.missed),
            "provider": orders.provider, "database": orders.database.partition(":")[0], "seed": orders.seed,
            "deals": self.deals,
            "detail": {"kills": _line(self.kills), "starts from nothing": self.cold,
                       "signed in and not known": self.strange, "ended by themselves": _line(self.crashes),
                       "moments": _line(self.moments),
                       "races": {name: _line(seen) for name, seen in sorted(self.outcomes.items())},
                       "who was first": {name: _line(seen) for name, seen in sorted(self.firsts.items()) if seen},
                       "hands that were never first": self.never_first,
                       "webhooks": _line(self.webhooks), "faults": _line(self.faults),
                       "faults that no call met": self.missed},
            "findings": self.verdict.tales(),
        }  # fmt: skip


def _line(seen: Counter[str]) -> str:
    return "; ".join(f"{times} {name}" for name, times in seen.most_common())
