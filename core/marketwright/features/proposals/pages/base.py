"""What the pages of proposals share."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.features.messaging.sides import side_of
from marketwright.features.pricing.codes import counting
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.proposals import agreed, queries
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.proposals.ports import CourseChoice, Courses
from marketwright.features.proposals.queries import ProposalRow
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.strategies.fields import all_fit
from marketwright.strategies.pricing import Quote, Voucher
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.routing import Pages

pages = Pages("proposals")
PARTIES = SIGNED_IN.objects("the freelancer of the proposal and members of its client")
LABELS = {
    "lines": N_("Lines"), "start_on": N_("Start"), "valid_days": N_("Stands for"), "note": N_("Your words"),
    "process": N_("Course of the deal"), "title": N_("What for"), "days": N_("Days"), "rate": N_("Price a day"),
    "amount": N_("Or a fixed amount"), "due": N_("Handed over by"), "detail": N_("What it comes to"),
}  # fmt: skip


def find_proposal(proposal: str) -> tuple[ProposalRow, str]:
    """The proposal and the viewer's side in it; ``NotFound`` to strangers."""
    row = queries.proposal(reading(), proposal)
    side = side_of(reading(), row.organisation, row.freelancer, the_viewer().account) if row else ""
    if row is None or not side:
        raise NotFound("There is no such {proposal}.")
    return row, side


@dataclass(frozen=True, slots=True)
class Setting:
    """Between whom and for what an offer is made; ``process`` is '' while none is chosen."""

    organisation: str
    freelancer: str
    currency: str
    mission: str
    process: str = ""
    vouchers: tuple[Voucher, ...] = ()

    @classmethod
    def of(cls, row: ProposalRow) -> "Setting":
        """That of a proposal, with the codes that were entered for it."""
        codes = counting(reading(), row.id, house().today) if row.is_open else ()
        return cls(row.organisation, row.freelancer, row.currency, row.mission, row.process, codes)


def price_now(where: Setting, lines: tuple[OfferLine, ...]) -> Quote:
    """Fee truth of ``lines`` as of today, for a page or just before a deed."""
    return quote_of(
        reading(), house().plugins, house().marketplace, client=where.organisation, freelancer=where.freelancer,
        lines=lines, currency=where.currency, on=house().today, mission=where.mission, process=where.process,
        vouchers=where.vouchers,
    )  # fmt: skip


def shown_truth(where: Setting, offer: Offer) -> Truth:
    """Both receipts of an offer that is not sent yet."""
    return truth(price_now(where, offer.lines))


def courses() -> Sequence[CourseChoice]:
    """The courses of a deal that a proposal may choose."""
    return house().ports.get(Courses).offered()


def courses_for(mission: Mapping[str, Any]) -> Sequence[CourseChoice]:
    """Those for a mission with these fields: made for it first, then what is for any; never empty."""
    able = [c for c in courses() if all_fit(mission, c.fits)]
    return sorted(able, key=lambda c: not c.fits) or courses()


def by_day(process: str) -> bool:
    """Whether the course ``process`` (empty: the first one) counts days, period by period."""
    return course(process).by_day


def course(process: str) -> CourseChoice:
    """The course ``process``; the first one where none is named."""
    offered = courses()
    return next((c for c in offered if c.name == process), offered[0])


def labels(form: Form, lines: int) -> dict[str, str]:
    """What each field is called in the list of errors."""
    found = {name: gettext(label) for name, label in LABELS.items()} | agreed.labels(house().plugins, courses())
    for i in range(lines):
        for name in ("title", "days", "rate", "amount", "due", "detail"):
            if f"lines-{i}-{name}" in form.errors:
                found[f"lines-{i}-{name}"] = gettext(
                    N_("Line %(n)s, %(field)s"), n=i + 1, field=gettext(LABELS[name]).lower()
                )
    return found


def validity() -> list[tuple[str, str]]:
    """How long an offer may stand, in days, the marketplace's own first chosen."""
    own = house().marketplace.deal.proposal_days
    days = sorted({3, 7, 14, 30, own})
    return [(str(n), gettext(N_("%(n)s days"), n=n)) for n in days]


def default_validity() -> str:
    """The marketplace's own number of days."""
    return str(house().marketplace.deal.proposal_days)
