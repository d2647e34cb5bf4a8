"""Who acts: a person, the system's own jobs, or a plugin."""

from dataclasses import field

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for services, the audit log and the transition log.

    ``kind`` is ``person``, ``system`` or ``plugin``; ``id`` an account's id or a name. ``organisations`` maps each
    organisation the person belongs to onto roles; ``staff`` are the staff roles held; ``persona`` is set when a
    demo visitor acts as somebody.
    """

    kind: str
    id: str
    name: str = ""
    organisations: dict[str, frozenset[str]] = field(default_factory=dict)
    staff: frozenset[str] = frozenset()
    is_freelancer: bool = False
    request_id: str = ""
    address: str = ""

    @property
    def label(self) -> str:
        """``person:<id>``, ``system:<job>`` or ``plugin:<name>``."""
        return f"{self.kind}:{self.id}"

    @property
    def is_person(self) -> bool:
        """Whether a signed-in person acts."""
        return self.kind == "person"

    def roles_in(self, organisation: str) -> frozenset[str]:
        """Roles held in ``organisation``; empty for a stranger."""
        return self.organisations.get(organisation, frozenset())


def system(job: str) -> Actor:
    """The marketplace itself, running ``job``."""
    return Actor(kind="system", id=job, name="marketplace")


def plugin_actor(name: str) -> Actor:
    """The plugin ``name``."""
    return Actor(kind="plugin", id=name, name=name)


ANONYMOUS = Actor(kind="anonymous", id="")
