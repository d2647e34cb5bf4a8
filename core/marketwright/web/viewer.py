"""Who looks at a page, as pages and policies need to know it."""

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Membership:
    """One organisation of a person: its id, name and the roles held there; ``limit`` in minor units or ``None``."""

    id: str
    name: str
    roles: frozenset[str]
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person: account, both sides they may stand on, staff roles and permissions."""

    account: str
    session: str
    name: str
    email: str
    locale: str
    time_zone: str
    confirmed: bool
    is_freelancer: bool
    organisations: tuple[Membership, ...] = ()
    staff_roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    suspended: bool = False
    persona: bool = False
    second_factor: bool = False

    @property
    def initials(self) -> str:
        """Two letters for an avatar."""
        words = [w for w in self.name.replace("-", " ").split() if w[0].isalpha()]
        return ((words[0][0] + words[-1][0]) if len(words) > 1 else self.name[:2]).upper()

    @property
    def is_client(self) -> bool:
        """Whether they belong to an organisation."""
        return bool(self.organisations)

    @property
    def is_staff(self) -> bool:
        """Whether they hold a staff role."""
        return bool(self.staff_roles)

    @property
    def organisation(self) -> Membership | None:
        """The first organisation they belong to."""
        return self.organisations[0] if self.organisations else None

    @property
    def side(self) -> str:
        """``freelancer``, ``client``, ``both``, ``staff`` or ``none``: which home they get."""
        if self.is_freelancer and self.is_client:
            return "both"
        if self.is_freelancer:
            return "freelancer"
        if self.is_client:
            return "client"
        return "staff" if self.is_staff else "none"

    def may(self, permission: str) -> bool:
        """Whether a staff role of theirs carries ``permission``."""
        return permission in self.permissions
