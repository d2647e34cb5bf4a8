"""Buying a service: an order, its conversation and its contract, drawn up from the service as it reads today."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.needed import need_identity
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.messaging.orders import open_order
from marketwright.features.missions.orders import Order, file_order
from marketwright.features.proposals.agreeing import agree
from marketwright.features.proposals.fitting import misfits
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.services import queries
from marketwright.features.services.queries import OptionRow, ServiceRow
from marketwright.features.services.service import course_of_services, longest
from marketwright.features.services.tables import Service
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import total
from marketwright.kernel.text import N_, say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote

LONGEST_BRIEF = 4000
CHANGED = N_("The service has changed since you opened this page. Please look at it again.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service with the options that were chosen: what it comes to, before tax, and in how many days."""

    service: ServiceRow
    options: tuple[OptionRow, ...]

    @property
    def days(self) -> int:
        """Days from the payment to the delivery."""
        return self.service.days + sum(o.days for o in self.options)

    @property
    def offer(self) -> Offer:
        """The offer of it: one line at a fixed price."""
        price = total((self.service.price, *(o.price for o in self.options)), self.service.price.currency)
        detail = "\n".join((self.service.summary, *(f"+ {o.label}" for o in self.options)))
        return Offer((OfferLine(self.service.title, price.amount, detail=detail, within=self.days),))


def choose(session: Session, service: str, options: Iterable[int]) -> Chosen:
    """The service ``service`` if everybody may buy it now, with those of its options; ``NotFound`` otherwise."""
    row = queries.service(session, service)
    if row is None or not row.open:
        raise NotFound("There is no such service.")
    wanted = set(options)
    found = tuple(o for o in queries.options_of(session, [service])[service] if o.number in wanted)
    if len(found) != len(wanted):
        raise InvalidInput({"options": [say("Please choose from the list.")]})
    return Chosen(row, found)


def check_seller(session: Session, service: ServiceRow) -> None:
    """``Conflict`` while the seller has no legal identity: nobody knows yet what VAT is in the price."""
    if accounts.identity(session, "freelancer", service.profile) is None:
        raise Conflict("%(name)s has not given a legal identity yet: until then this service cannot be bought.",
                       name=service.name, state="no_identity")  # fmt: skip


def buy(
    uow: UnitOfWork, *, service: str, organisation: str, options: Sequence[int], brief: str, quote: Quote, version: int
) -> str:
    """Order ``service`` for ``organisation``, as one of its owners or buyers; returns the id of its contract.

    ``version`` is the service that the buyer read, ``quote`` its price: where it reads or costs otherwise by now, that
    is a ``Conflict``, as is a seller without a legal identity. Nothing is paid, and nothing binds, before both have
    signed.
    """
    course = course_of_services(uow)
    uow.session.get(Service, service, with_for_update=True)  # nobody writes it between this look and the order
    chosen = choose(uow.session, service, options)
    row, offer = chosen.service, chosen.offer
    if row.profile == uow.actor.id:
        raise Conflict("This is a service of your own.", state="own")
    if row.version != version or [p.work.amount for p in quote.deal.parts] != [offer.work]:
        raise Conflict(CHANGED, state="changed")
    if chosen.days > longest(uow):
        raise Conflict("With these options it takes longer than the money can be held.", state="long")
    today = uow.ports.get(Marketplace).day_of(uow.now)
    wrong = misfits(offer, quote, uow.ports.get(Horizon).choice(course), today)
    if wrong:
        raise InvalidInput({"": [text for texts in wrong.values() for text in texts]})
    if not brief.strip():
        raise InvalidInput({"brief": [say("Say what they need to know to begin.")]})
    if len(brief) > LONGEST_BRIEF:
        long = say("At most %(n)s characters, this has %(has)s.", n=LONGEST_BRIEF, has=len(brief))
        raise InvalidInput({"brief": [long]})
    need_identity(uow.session, "propose", "organisation", organisation)
    check_seller(uow.session, row)
    mission = file_order(
        uow, organisation=organisation, freelancer=row.profile,
        order=Order(row.id, row.title, _text(chosen, brief), row.language, quote.deal.parts[0].work),
    )  # fmt: skip
    thread = open_order(uow, mission=mission, freelancer=row.profile, text=brief.strip())
    return agree(
        uow, thread=thread, offer=offer, quote=quote, process=course.name, by_side="freelancer",
        words=N_("%(who)s bought this service for %(price)s before tax. The {contract} is being prepared."),
    )  # fmt: skip


def _text(chosen: Chosen, brief: str) -> str:
    """What was ordered, as Markdown: the service as it read, its options, the client's own words."""
    options = "\n".join(f"- {o.label}" for o in chosen.options)
    return "\n\n".join(part for part in (chosen.service.description, options, brief.strip()) if part)
