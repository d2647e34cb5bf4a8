"""What a brief implies in days, as pages show it."""

from marketwright.features.missions.sizing import Sized
from marketwright.kernel.frozen import dataclass
from marketwright.web.formats import show_number
from marketwright.web.i18n import gettext, ngettext, translate

SAME = 0.15  # a brief's own figure this near the likely one agrees with it


@dataclass(frozen=True, slots=True)
class SizedView:
    """One estimate: days from, likely, to, the parts (what, days, why), and how the brief's own figure compares."""

    label: str
    low: int
    likely: str
    high: int
    parts: list[tuple[str, str, str]]
    own: str
    apart: bool


def sized_views(found: list[Sized], own: int | None) -> list[SizedView]:
    """The estimates beside the days that the brief says itself (``own``)."""
    return [
        SizedView(
            label=translate(s.label),
            low=s.low,
            likely=ngettext("%(num)s day", "%(num)s days", s.likely),
            high=s.high,
            parts=[(translate(p.label), show_number(p.days), translate(p.why) if p.why else "") for p in s.parts],
            own=_beside(s, own),
            apart=own is not None and not s.low <= own <= s.high,
        )
        for s in found
    ]


def _beside(sized: Sized, own: int | None) -> str:
    if own is None:
        return ""
    days = ngettext("%(num)s day", "%(num)s days", own)
    if own < sized.low:
        return gettext("The brief says %(days)s, which is less than such a brief takes at least.", days=days)
    if own > sized.high:
        return gettext("The brief says %(days)s, which is more than such a brief takes at most.", days=days)
    if abs(own - sized.likely) <= SAME * sized.likely:
        return gettext("The brief says %(days)s, and so does the estimate.", days=days)
    return gettext("The brief says %(days)s, which lies between the least and the most.", days=days)
