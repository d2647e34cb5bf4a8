"""What the pages of vetting share."""

from marketwright.features.vetting.gate import checks_page
from marketwright.kernel.frozen import dataclass
from marketwright.web.routing import Pages

pages = Pages("vetting")


@dataclass(frozen=True, slots=True)
class Side:
    """Whose checks a page shows: the viewer's own as a freelancer, or an organisation's."""

    kind: str
    owner: str
    name: str
    may_hand_in: bool = True

    def url(self, check: str = "") -> str:
        """The page of all checks, or of one."""
        return checks_page(self.kind, self.owner, check)
