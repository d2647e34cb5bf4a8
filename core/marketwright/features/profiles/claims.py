"""Claims as they are given: shapes, and what of a claim must stay for its proof to stay."""

from marketwright.kernel.frozen import dataclass

KINDS = ("skill", "experience", "certificate", "language")


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """A claim before it is stored. Months are ``YYYY-MM``, ``level`` 1 to 4; ``label`` of a language is its code."""

    kind: str
    skill_id: str | None = None
    level: int | None = None
    years: int | None = None
    label: str = ""
    organisation: str = ""
    from_month: str = ""
    to_month: str = ""
    issuer: str = ""
    number: str = ""
    issued: str = ""
    expires: str = ""
    summary: str = ""

    @property
    def substance(self) -> tuple[object, ...]:
        """All that a proof stands beside: a claim that keeps every word of it keeps its id and its proof."""
        return (*self.what, self.years, self.summary)

    @property
    def what(self) -> tuple[object, ...]:
        """What it is about: two claims that share it say the same thing twice."""
        match self.kind:
            case "skill":
                return (self.kind, self.skill_id, self.level)
            case "language":
                return (self.kind, self.label, self.level)
            case "certificate":
                return (self.kind, self.label, self.issuer, self.number, self.issued, self.expires)
        return (self.kind, self.label, self.organisation, self.from_month, self.to_month)
