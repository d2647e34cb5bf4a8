"""From an offer to the deal that is priced: both sides' regimes, and what they are to each other today."""

from datetime import date

from sqlalchemy.orm import Session

from marketwright.features.accounts.queries import IdentityRow, identity, organisation
from marketwright.features.entitlements.queries import names_on
from marketwright.features.missions.queries import skill_ids
from marketwright.features.pricing.service import price_with_codes
from marketwright.features.proposals.offers import OfferLine
from marketwright.features.relations.queries import relation
from marketwright.features.skills.queries import with_broader
from marketwright.hooks.manager import Plugins
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.pricing import Deal, Part, Party, Quote, Voucher


def deal_of(
    session: Session, marketplace: Marketplace, *, client: str, freelancer: str, lines: tuple[OfferLine, ...],
    currency: str, on: date, mission: str = "", process: str = "", vouchers: tuple[Voucher, ...] = (),
) -> Deal:  # fmt: skip
    """The deal of ``lines`` between the organisation ``client`` and ``freelancer``, for a mission, on a process.

    A side that has not given its legal identity yet counts as a business under VAT in its own country. The quote is
    made again once it has: an open proposal is accepted at today's price alone, and a contract is neither sent nor
    signed while its price is that of another country, VAT regime or number than a side has by then.
    """
    known = relation(session, client, freelancer)
    place = organisation(session, client)
    buyer = identity(session, "organisation", client)
    business = identity(session, "freelancer", freelancer)
    home = (place.country if place else "") or marketplace.country
    return Deal(
        currency=currency, parts=tuple(Part(line.title, Money(line.amount, currency)) for line in lines),
        client=_party(buyer, home, names_on(session, client, on)), on=on,
        freelancer=_party(business, marketplace.country, names_on(session, freelancer, on)),
        own_network=known.own_network, cumulated=known.cumulated, marketplace=marketplace.home,
        first_contract=marketplace.day_of(known.first_contract_at) if known.first_contract_at else None,
        categories=with_broader(session, skill_ids(session, mission)) if mission else frozenset(), process=process,
        vouchers=vouchers, regime=marketplace.vat_regime,
    )  # fmt: skip


def _party(found: IdentityRow | None, country: str, entitlements: frozenset[str]) -> Party:
    if found is None:
        return Party(country, "standard", "", entitlements)
    return Party(found.country, found.vat_regime, found.vat_number, entitlements)


def quote_of(
    session: Session, plugins: Plugins, marketplace: Marketplace, *, client: str, freelancer: str,
    lines: tuple[OfferLine, ...], currency: str, on: date, mission: str = "", process: str = "",
    vouchers: tuple[Voucher, ...] = (),
) -> Quote:  # fmt: skip
    """Fee truth of ``lines`` as of today, with those ``vouchers`` that count. Before a unit opens: it asks plugins."""
    deal = deal_of(
        session, marketplace, client=client, freelancer=freelancer, lines=lines, currency=currency, on=on,
        mission=mission, process=process, vouchers=vouchers,
    )  # fmt: skip
    return price_with_codes(plugins, deal)
