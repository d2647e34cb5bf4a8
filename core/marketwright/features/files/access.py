"""Who may read a file: a rule for each purpose, given by the room that stores it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from marketwright.features.files.queries import FileRow

Rule = Callable[[Session, str, FileRow], bool]


def everybody(session: Session, viewer_account: str, file: FileRow) -> bool:  # noqa: ARG001  the shape of a rule
    """Whoever asks may read it."""
    return True


class AccessByPurpose:
    """Answers ``FileAccess``. Who uploaded a file reads it; anybody else only where the purpose's rule says so.

    Where a purpose's rule is ``alone``, who uploaded is asked for like anybody else: they may have left since.
    """

    def __init__(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._alone: set[str] = set()

    def allow(self, purpose: str, rule: Rule, *, alone: bool = False) -> None:
        """Let ``rule(session, viewer_account, file)`` decide for ``purpose``; a purpose has one rule."""
        if purpose in self._rules:
            msg = f"the purpose {purpose!r} has a rule already"
            raise ValueError(msg)
        self._rules[purpose] = rule
        if alone:
            self._alone.add(purpose)

    def may_read(self, session: Session, viewer_account: str, file: FileRow) -> bool:
        """Whether ``viewer_account`` may read ``file``; nobody may where the purpose is unknown."""
        if viewer_account and file.uploaded_by == viewer_account and file.purpose not in self._alone:
            return True
        rule = self._rules.get(file.purpose)
        return rule is not None and rule(session, viewer_account, file)
