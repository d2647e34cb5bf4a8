"""Words of notices and their mails in a field's own terms."""

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.processes import Role


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What the notice of an event and its mail say in a field's own terms, instead of core's words or beside them.

    ``event`` is a name of the catalogue (docs/notices.md lists those that may be worded, and the places of each).
    ``of`` narrows it: a process, a step of one (``engagement.report_findings``, of ``milestone.moved``), a condition,
    a vetting check, or a check and how it ended (``background_check.refused``). ``to`` narrows it to one side.

    ``subject`` stands instead of the subject, ``text`` instead of the first paragraph, ``more`` as a paragraph after
    it; what is empty stays core's, and so do deadlines, reasons and amounts. They are messages (``N_``) with places
    ``%(part)s`` and terms ``{client}``, translated in the plugin's ``translations/<language>.po``. Where several fit,
    the narrowest says each of the three.
    """

    event: str
    subject: str = ""
    text: str = ""
    more: str = ""
    of: str = ""
    to: Role | None = None

    @property
    def narrow(self) -> tuple[int, bool]:
        """How narrow it is: the greater, the narrower."""
        return (bool(self.of) + self.of.count("."), self.to is not None)
