"""The rooms of this house, listed once: their tables, pages, ports and jobs. Imported by the composition root alone."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from marketwright.features.accounts import pages as accounts_pages
from marketwright.features.accounts.ports import TermsOfUse
from marketwright.features.accounts.signed_in import SessionReader
from marketwright.features.alerts import jobs as alerts_jobs
from marketwright.features.alerts import pages as alerts_pages
from marketwright.features.cases import pages as cases_pages
from marketwright.features.cases.queries import OpenCases
from marketwright.features.content import pages as content_pages
from marketwright.features.content.ports import Showcase
from marketwright.features.contracts import jobs as contract_jobs
from marketwright.features.contracts import pages as contracts_pages
from marketwright.features.contracts.access import may_read_contract_file
from marketwright.features.contracts.answers import (
    ContractCourse,
    ContractCourses,
    ContractDeals,
    ContractsOfMissions,
    SignedConfidentiality,
)
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.ports import Cases
from marketwright.features.contracts.registry import check_cancellation, check_processes, check_sealing, processes
from marketwright.features.contracts.sealed import kept_for_now
from marketwright.features.corrections import jobs as corrections_jobs
from marketwright.features.demo import pages as demo_pages
from marketwright.features.demo.bar import PersonaBar
from marketwright.features.desk import jobs as desk_jobs
from marketwright.features.desk.life import PluginsInUse
from marketwright.features.desk.meters import Keeper
from marketwright.features.facets.reshaping import AnswersFit
from marketwright.features.files import jobs as files_jobs
from marketwright.features.files import pages as files_pages
from marketwright.features.files.access import AccessByPurpose, everybody
from marketwright.features.files.ports import FileAccess, Storage
from marketwright.features.files.relayed import storage_of
from marketwright.features.files.service import BRAND
from marketwright.features.inbox import jobs as inbox_jobs
from marketwright.features.inbox import pages as inbox_pages
from marketwright.features.invoicing import jobs as invoicing_jobs
from marketwright.features.invoicing import pages as invoicing_pages
from marketwright.features.invoicing.sent import SENT, may_read_sent
from marketwright.features.ledger import jobs as ledger_jobs
from marketwright.features.live import pages as live_pages
from marketwright.features.matching import jobs as matching_jobs
from marketwright.features.matching import pages as matching_pages
from marketwright.features.matching.checked import Checks
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.showcase import MarketShowcase
from marketwright.features.messaging import pages as messaging_pages
from marketwright.features.messaging import responding
from marketwright.features.messaging.answers import Conversations
from marketwright.features.messaging.ports import Notices, Offers
from marketwright.features.messaging.queries import may_read_file
from marketwright.features.missions import jobs as missions_jobs
from marketwright.features.missions import pages as missions_pages
from marketwright.features.missions.access import ConfidentialAccess
from marketwright.features.missions.access import FieldFileAccess as MissionFieldFiles
from marketwright.features.missions.ports import ClientFigures, ClientReviews, Confidentiality, Talks, UnderContract
from marketwright.features.missions.tables import Mission
from marketwright.features.notices import pages as notices_pages
from marketwright.features.notifications import pages as notifications_pages
from marketwright.features.notifications.post import WRITERS, Post
from marketwright.features.notifications.queries import InboxNotices, UnreadAll
from marketwright.features.notifications.wording import check_notices
from marketwright.features.operator import pages as operator_pages
from marketwright.features.overlay.ports import Fits, InUse
from marketwright.features.papers import jobs as papers_jobs
from marketwright.features.papers import pages as papers_pages
from marketwright.features.payments import inbox as payments_inbox
from marketwright.features.payments import jobs as payments_jobs
from marketwright.features.payments import pages as payments_pages
from marketwright.features.payments.ports import Course, Onboarding
from marketwright.features.payments.startup import check_providers, onboarding_of
from marketwright.features.privacy import pages as privacy_pages
from marketwright.features.privacy import service as privacy
from marketwright.features.profiles import pages as profiles_pages
from marketwright.features.profiles.ports import Acquaintance, ProfileReviews, Records
from marketwright.features.profiles.sight import FieldFileAccess as ProfileFieldFiles
from marketwright.features.profiles.sight import PhotoAccess
from marketwright.features.profiles.tables import Profile
from marketwright.features.proposals import jobs as proposals_jobs
from marketwright.features.proposals import pages as proposals_pages
from marketwright.features.proposals.ports import Courses, Deals
from marketwright.features.proposals.queries import offers_of_threads
from marketwright.features.questionnaires import pages as questionnaires_pages
from marketwright.features.rates import jobs as rates_jobs
from marketwright.features.rates import pages as rates_pages
from marketwright.features.reviews import jobs as reviews_jobs
from marketwright.features.reviews import pages as reviews_pages
from marketwright.features.reviews.answers import ReviewsOfClients, ReviewsOfFreelancers
from marketwright.features.reviews.records import FiguresOfClients, RecordsOfPeople
from marketwright.features.seals import jobs as seal_jobs
from marketwright.features.seals.service import Due, Kept
from marketwright.features.services import pages as services_pages
from marketwright.features.skills import pages as skills_pages
from marketwright.features.subscriptions import jobs as subscriptions_jobs
from marketwright.features.subscriptions import pages as subscriptions_pages
from marketwright.features.terms import pages as terms_pages
from marketwright.features.terms import service as terms
from marketwright.features.vetting import answers as vetting_answers
from marketwright.features.vetting import jobs as vetting_jobs
from marketwright.features.vetting import pages as vetting_pages
from marketwright.features.vetting import running as vetting_running
from marketwright.features.vetting.access import may_read_evidence
from marketwright.features.vetting.checks import Asked, assessed_by
from marketwright.kernel.events import Event
from marketwright.store.jobs import Job, Subscriber
from marketwright.store.ring import Ring
from marketwright.store.tables import EventRow
from marketwright.web.house import House
from marketwright.web.ports import DemoChrome, SignedIn, Unread
from marketwright.web.routing import Pages

# In the order of the floors, lowest first; templates and translations are looked up in this order.
FEATURES: tuple[str, ...] = (
    "accounts", "skills", "ledger", "files", "inbox", "seals", "content", "overlay", "terms", "facets", "relations",
    "entitlements", "profiles", "missions", "questionnaires", "vetting", "messaging", "pricing", "proposals",
    "payments", "invoicing", "contracts", "corrections", "subscriptions", "services", "reviews", "cases", "notices",
    "matching", "rates", "alerts", "notifications", "papers", "backups", "live", "rehearsal", "demo", "desk",
    "privacy", "operator",
)  # fmt: skip


def room_pages() -> tuple[Pages, ...]:
    """The pages of every room."""
    return (
        accounts_pages.pages,
        content_pages.pages,
        terms_pages.pages,
        files_pages.pages,
        inbox_pages.pages,
        skills_pages.pages,
        profiles_pages.pages,
        missions_pages.pages,
        questionnaires_pages.pages,
        vetting_pages.pages,
        messaging_pages.pages,
        proposals_pages.pages,
        reviews_pages.pages,
        matching_pages.pages,
        rates_pages.pages,
        alerts_pages.pages,
        demo_pages.pages,
        payments_pages.pages,
        operator_pages.pages,
        contracts_pages.pages,
        cases_pages.pages,
        notices_pages.pages,
        papers_pages.pages,
        services_pages.pages,
        invoicing_pages.pages,
        notifications_pages.pages,
        subscriptions_pages.pages,
        live_pages.pages,
        privacy_pages.pages,
    )


def fill_ports(house: House) -> None:
    """Answer what lower rooms ask of higher ones."""
    house.ports.fill(SignedIn, SessionReader())
    house.ports.fill(TermsOfUse, terms.TermsToAccept(house))
    vetting_answers.fill(house.ports, house.marketplace, house.plugins, house.clock)
    house.ports.fill(Storage, storage_of(house.marketplace.var / "files", house.plugins.adapters.get("files")))
    house.ports.fill(Ring, Ring(house.marketplace.sealing))
    house.ports.fill(Cases, OpenCases())
    access = AccessByPurpose()
    access.allow("evidence", may_read_evidence, alone=True)
    access.allow("delivery", may_read_contract_file)
    access.allow("condition", may_read_contract_file)
    access.allow(SENT, may_read_sent)
    access.allow(BRAND, everybody)
    access.allow("photo", PhotoAccess(house.ports))
    access.allow("profile_field", ProfileFieldFiles(house.ports))
    access.allow("mission_field", MissionFieldFiles(house.ports))
    access.allow("confidential", ConfidentialAccess(house.ports))
    access.allow("message", may_read_file)
    house.ports.fill(FileAccess, access)
    house.ports.fill(ProfileReviews, ReviewsOfFreelancers(house.clock))
    house.ports.fill(Acquaintance, Conversations())
    house.ports.fill(Records, RecordsOfPeople())
    house.ports.fill(Talks, Conversations())
    house.ports.fill(ClientFigures, FiguresOfClients())
    house.ports.fill(ClientReviews, ReviewsOfClients(house.clock))
    house.ports.fill(Offers, offers_of_threads)
    house.ports.fill(DemoChrome, PersonaBar(house))
    fields = [e.it for e in house.plugins.fields]
    folder = house.marketplace.var / "index"
    house.ports.fill(Indexes, Indexes(
        house.marketplace.currency, fields, folder=folder, database=house.database, union=_union(house)
    ))  # fmt: skip
    asked = house.ports.get(Asked)
    house.ports.fill(Checks, Checks(asked.labels, assessed_by(house.plugins), asked.private))
    house.ports.fill(Showcase, MarketShowcase(house))
    house.ports.fill(Deals, ContractDeals())
    horizon = Horizon(house.marketplace, house.plugins)
    house.ports.fill(Horizon, horizon)
    house.ports.fill(Courses, ContractCourses(house.marketplace, house.plugins, horizon))
    house.ports.fill(Course, ContractCourse())
    house.ports.fill(Confidentiality, SignedConfidentiality())
    house.ports.fill(UnderContract, ContractsOfMissions())
    house.ports.fill(Unread, UnreadAll())
    house.ports.fill(Notices, InboxNotices())
    house.ports.fill(InUse, PluginsInUse())
    house.ports.fill(Fits, AnswersFit({"profile": Profile, "mission": Mission}))
    house.ports.fill(Keeper, Keeper(house.plugins.meters, house.database))


def _union(house: House) -> frozenset[str]:
    """The countries that share a union with the marketplace's own, by its country pack."""
    pack = house.plugins.countries.get(house.marketplace.country)
    return pack.it.union if pack else frozenset()


def wire_jobs(house: House) -> None:
    """Give the worker its handlers, periodic jobs and subscribers."""
    ledger_jobs.wire(house.worker, house.database, house.marketplace)
    payments_jobs.wire(house.worker, house)
    corrections_jobs.wire(house.worker, house)
    check_processes(house.plugins)
    check_sealing(house.plugins, house.marketplace)
    check_cancellation(house.marketplace)
    check_notices(house.plugins, house.catalogues, house.marketplace.languages)
    known = processes(house.plugins)
    offered = [known[name] for name in house.marketplace.deal.processes if name in known]
    house.missing.extend(check_providers(house.marketplace, house.plugins, offered))
    house.missing.extend(f"offer the process {name!r} of deal.processes, which no enabled plugin brings"
                         for name in house.marketplace.deal.processes if name not in known)  # fmt: skip
    house.ports.fill(Onboarding, onboarding_of(house.plugins))
    contract_jobs.wire(house.worker, house.database)
    seal_jobs.wire(house.worker, house.database, _kept(house))
    papers_jobs.wire(house.worker, house.database)
    invoicing_jobs.wire(
        house.worker, invoicing_jobs.office_of(house.marketplace, house.plugins, house.catalogues), house.database
    )
    vetting_jobs.wire(house.worker, house)
    inbox_jobs.wire(house.worker, house, (partial(payments_inbox.take, house), partial(vetting_running.take, house)))
    desk_jobs.wire(house)
    privacy.wire(house)
    files_jobs.wire(house.worker, house.database)
    terms.wire(house)
    missions_jobs.wire(house.worker, house.database)
    responding.wire(house.worker, house.database)
    matching_jobs.wire(house.worker, house)
    rates_jobs.wire(house.worker, house)
    alerts_jobs.wire(house.worker, house)
    proposals_jobs.wire(house.worker, house.database)
    reviews_jobs.wire(house.worker, house.database)
    subscriptions_jobs.wire(house.worker, house.database)
    post = Post(house)
    house.worker.subscribe("notifications", post.tell, wants=WRITERS)
    house.worker.handle("mail.send", post.send)
    for name, listener in house.plugins.listeners.items():
        house.worker.subscribe(f"plugin:{name}", _telling(listener))


def _kept(house: House) -> Kept:
    def kept(session: Session, now: datetime, due: Sequence[Due]) -> set[str]:
        return kept_for_now(session, house.ports, now, due)

    return kept


def _telling(listener: Callable[[Event], None]) -> Subscriber:
    def tell(row: EventRow, _job: Job) -> None:
        listener(Event(row.id, row.name, row.subject, row.at, row.version, row.payload))

    return tell
