"""A profile as its page shows it: every claim says how it is known, never the bare word verified."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from marketwright.features.profiles.cards import SkillView
from marketwright.features.profiles.ports import Proof
from marketwright.features.profiles.queries import ClaimRow
from marketwright.features.skills.levels import language_level, skill_level
from marketwright.kernel.frozen import dataclass
from marketwright.web.formats import show_date
from marketwright.web.i18n import gettext, ngettext
from marketwright.web.names import capital, language_name

SOON = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as ``claims.claims`` takes it: what is said, and how it is known."""

    id: str
    kind: str
    title: str
    detail: str
    how: str
    source: str = ""
    by: str = ""
    on: date | None = None
    until: date | None = None
    days_left: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StationView:
    """One station of the way so far."""

    when: str
    title: str
    summary: str
    past: bool
    claim: ClaimView


def claim_view(claim: ClaimRow, proof: Proof | None, now: datetime) -> ClaimView:
    """``claim`` in words, with how it is known."""
    title, detail = _words(claim)
    if proof is None:
        return _declared(claim, title, detail, now)
    return _proved(claim.id, claim.kind, title, detail, proof, now)


def standing_view(proof: Proof, now: datetime) -> ClaimView:
    """What was checked of the person as a whole."""
    return _proved("", "standing", capital(proof.label or proof.compared), "", proof, now)


def _words(claim: ClaimRow) -> tuple[str, str]:
    years = ngettext("%(n)s year", "%(n)s years", claim.years) if claim.years else ""
    if claim.kind == "skill":
        word = skill_level(claim.level)
        return (f"{claim.title}, {_lower(gettext(word))}" if word else claim.title), years
    if claim.kind == "language":
        word = language_level(claim.level)
        return capital(language_name(claim.title)), gettext(word) if word else ""
    if claim.kind == "certificate":
        return claim.title, ", ".join(p for p in (claim.issuer, _given(claim)) if p)
    return claim.title, claim.organisation


def _given(claim: ClaimRow) -> str:
    return gettext("given in %(month)s", month=month(claim.issued)) if claim.issued else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def month(text: str) -> str:
    """``2023-05`` as ``May 2023``."""
    year, number = text.split("-")
    return show_date(date(int(year), int(number), 1), "MMMM y")


def _declared(claim: ClaimRow, title: str, detail: str, now: datetime) -> ClaimView:
    over = claim.kind == "certificate" and claim.expires and claim.expires < f"{now:%Y-%m}"
    if over:
        note = gettext("On their own word; by its own date it ended in %(month)s.", month=month(claim.expires))
        return ClaimView(claim.id, claim.kind, title, detail, "expired", note=note)
    return ClaimView(claim.id, claim.kind, title, detail, "declared", on=claim.declared_at.date())


def _proved(id: str, kind: str, title: str, detail: str, proof: Proof, now: datetime) -> ClaimView:  # noqa: A002
    left = proof.until - now if proof.until else None
    if proof.result != "passed":
        how = "refused"
    elif left is not None and left <= timedelta(0):
        how = "expired"
    elif left is not None and left <= SOON:
        how = "expiring"
    else:
        how = "document" if proof.document else "checked"
    return ClaimView(
        id, kind, title, detail, how, source=proof.source, by=proof.by, on=proof.at.date(),
        until=proof.until.date() if proof.until else None, days_left=max(0, left.days) if left is not None else None,
        note=_note(proof),
    )  # fmt: skip


def _note(proof: Proof) -> str:
    """What was compared, with what, by whom, when."""
    words = {"compared": capital(proof.compared), "source": proof.source, "by": proof.by, "date": show_date(proof.at)}
    if proof.compared and proof.source and proof.by:
        return gettext("%(compared)s, compared with %(source)s by %(by)s on %(date)s.", **words)
    if proof.compared and proof.source:
        return gettext("%(compared)s, compared with %(source)s on %(date)s.", **words)
    if proof.compared and proof.by:
        return gettext("%(compared)s, looked at by %(by)s on %(date)s.", **words)
    return ""


def claim_views(claims: Sequence[ClaimRow], proofs: Mapping[str, Proof], now: datetime) -> list[ClaimView]:
    """Certificates, and skills that are known by more than their word: what is proved first, then by level."""
    rank = {"checked": 0, "expiring": 1, "document": 2, "declared": 3, "expired": 4, "refused": 5}
    chosen = [c for c in claims if c.kind == "certificate" or (c.kind == "skill" and c.id in proofs)]
    views = [(claim_view(c, proofs.get(c.id), now), c.level or 0) for c in chosen]
    return [v for v, _ in sorted(views, key=lambda pair: (rank[pair[0].how], pair[0].kind != "skill", -pair[1]))]


def declared_skills(claims: Sequence[ClaimRow], proofs: Mapping[str, Proof]) -> tuple[list[SkillView], date | None]:
    """Skills on their own word, the highest level first, and the day of the newest."""
    chosen = sorted((c for c in claims if c.kind == "skill" and c.id not in proofs), key=lambda c: -(c.level or 0))
    views = [_chip(c) for c in chosen]
    return views, max((c.declared_at.date() for c in chosen), default=None)


def _chip(claim: ClaimRow) -> SkillView:
    word, years = skill_level(claim.level), ngettext("%(n)s year", "%(n)s years", claim.years or 0)
    label = gettext("%(skill)s, %(years)s", skill=claim.title, years=years) if claim.years else claim.title
    return SkillView(label, claim.level or 0, gettext(word) if word else "")


def stations(claims: Sequence[ClaimRow], proofs: Mapping[str, Proof], now: datetime) -> list[StationView]:
    """The way so far, newest first."""
    jobs = sorted(
        (c for c in claims if c.kind == "experience"),
        key=lambda c: (c.to_month or "9999-12", c.from_month), reverse=True,
    )  # fmt: skip
    return [
        StationView(
            _span(c), ", ".join(p for p in (c.title, c.organisation) if p), c.summary, bool(c.to_month),
            claim_view(c, proofs.get(c.id), now),
        )
        for c in jobs
    ]  # fmt: skip


def _span(claim: ClaimRow) -> str:
    if not claim.from_month:
        return ""
    if not claim.to_month:
        return gettext("since %(month)s", month=month(claim.from_month))
    first, last = claim.from_month[:4], claim.to_month[:4]
    return gettext("%(first)s to %(last)s", first=first, last=last) if first != last else first


def weeks(available_from: date | None, days_a_week: int | None, today: date, count: int = 13) -> list[tuple[str, int]]:
    """The next weeks: (its Monday in a few words, working days free of five)."""
    if available_from is None:
        return []
    monday = today - timedelta(days=today.weekday())
    rows: list[tuple[str, int]] = []
    seen = 0
    for n in range(count):
        start = monday + timedelta(weeks=n)
        open_days = sum(start + timedelta(days=d) >= available_from for d in range(5))
        named = start.month != seen
        seen = start.month
        rows.append((show_date(start, "d MMM" if named else "d"), min(open_days, days_a_week or 5, 5)))
    return rows
