"""Every hook. ``register_*`` runs once at start and returns classes or values; ``on_event`` tells what happened.

A hook is added with its first real user, a section in docs/hooks.md, and a test that switches its bundled plugin
off and shows what a person can no longer see or do.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.hooks.desk import Desk
from marketwright.hooks.marker import hookspec
from marketwright.kernel.events import Event
from marketwright.strategies.adapters import Adapter
from marketwright.strategies.conditions import Condition
from marketwright.strategies.countries import Country
from marketwright.strategies.deliverables import Deliverable
from marketwright.strategies.documents import ContractTemplate
from marketwright.strategies.embedders import Embedder
from marketwright.strategies.estimators import Estimator
from marketwright.strategies.fields import Field, Taxonomy
from marketwright.strategies.jobs import Job
from marketwright.strategies.journals import Journal
from marketwright.strategies.matching import MatchingCriterion
from marketwright.strategies.notices import NoticeText
from marketwright.strategies.payments import PaymentProvider
from marketwright.strategies.placements import Placement
from marketwright.strategies.pricing import PricingRule
from marketwright.strategies.processes import Process
from marketwright.strategies.questionnaires import Questionnaire
from marketwright.strategies.slots import SlotFill
from marketwright.strategies.vetting import VettingCheck

Settings = Mapping[str, Any]


@hookspec
def register_matching_criteria(settings: Settings) -> Sequence[type[MatchingCriterion]]:  # type: ignore[empty-body]
    """When the site starts: criteria that rank profiles for missions and missions for profiles."""


@hookspec
def register_placements(settings: Settings) -> Sequence[type[Placement]]:  # type: ignore[empty-body]
    """When the site starts: labelled positions beside the people ranked for a mission, drawn by lot, never scored."""


@hookspec
def register_embedders(settings: Settings) -> Sequence[type[Embedder]]:  # type: ignore[empty-body]
    """When the site starts: what makes vectors of profiles and briefs; one a marketplace."""


@hookspec
def register_pricing_rules(settings: Settings) -> Sequence[type[PricingRule]]:  # type: ignore[empty-body]
    """When the site starts: rules that add lines to quotes, in this order."""


@hookspec
def register_contract_templates(settings: Settings) -> Sequence[type[ContractTemplate]]:  # type: ignore[empty-body]
    """When the site starts: templates of documents, by kind, language and jurisdiction."""


@hookspec
def register_payment_providers(settings: Settings) -> Sequence[type[PaymentProvider]]:  # type: ignore[empty-body]
    """When the site starts: who holds and moves the money."""


@hookspec
def register_countries(settings: Settings) -> Sequence[Country]:  # type: ignore[empty-body]
    """When the site starts: country packs, how what a country's businesses sell is taxed and invoiced."""


@hookspec
def register_journals(settings: Settings) -> Sequence[type[Journal]]:  # type: ignore[empty-body]
    """When the site starts: forms of the ledger that accountants' tools read."""


@hookspec
def register_vetting_checks(settings: Settings) -> Sequence[type[VettingCheck]]:  # type: ignore[empty-body]
    """When the site starts: steps of vetting that gates may ask for."""


@hookspec
def register_processes(settings: Settings) -> Sequence[Process]:  # type: ignore[empty-body]
    """When the site starts: courses of a deal, checked before any is used."""


@hookspec
def register_conditions(settings: Settings) -> Sequence[Condition]:  # type: ignore[empty-body]
    """When the site starts: conditions that processes may need, named ``<plugin>.<word>``."""


@hookspec
def register_deliverables(settings: Settings) -> Sequence[type[Deliverable]]:  # type: ignore[empty-body]
    """When the site starts: what may be handed over, its form and its measure, named ``<plugin>.<word>``."""


@hookspec
def register_fields(settings: Settings) -> Sequence[Field]:  # type: ignore[empty-body]
    """When the site starts: the niche's own fields on profiles and missions."""


@hookspec
def register_estimators(settings: Settings) -> Sequence[type[Estimator]]:  # type: ignore[empty-body]
    """When the site starts: what a brief implies in days, with the reasoning."""


@hookspec
def register_questionnaires(settings: Settings) -> Sequence[type[Questionnaire]]:  # type: ignore[empty-body]
    """When the site starts: what is asked about a mission, and what the answers come to, in a field of the mission."""


@hookspec
def register_notices(settings: Settings) -> Sequence[NoticeText]:  # type: ignore[empty-body]
    """When the site starts: words of notices and mails in the field's own terms, in English, translated beside it."""


@hookspec
def register_taxonomies(settings: Settings) -> Sequence[Taxonomy]:  # type: ignore[empty-body]
    """When the site is seeded or upgraded: skills to import."""


@hookspec
def register_blueprints(settings: Settings, desk: Desk) -> Sequence[Any]:  # type: ignore[empty-body]
    """When the site starts: Flask blueprints of the plugin's own pages, under ``/x/<plugin>``."""


@hookspec
def register_slots(settings: Settings) -> Sequence[type[SlotFill]]:  # type: ignore[empty-body]
    """When the site starts: what the plugin shows in a slot of core's pages; docs/themes.md lists the slots."""


@hookspec
def register_jobs(settings: Settings) -> Sequence[Job]:  # type: ignore[empty-body]
    """When the site starts: kinds of jobs for the worker, asked for with ``desk.jobs.later`` or woken by the clock."""


@hookspec
def register_commands(settings: Settings, desk: Desk) -> Sequence[Any]:  # type: ignore[empty-body]
    """When ``marketwright x <plugin>`` is called in a marketplace's folder: click commands that stand under it."""


@hookspec
def register_adapters(settings: Settings) -> Sequence[type[Adapter]]:  # type: ignore[empty-body]
    """When the site starts: another way to send mail or to keep files, a scanner of uploads; one plugin a port."""


@hookspec
def on_event(event: Event, desk: Desk) -> None:
    """After the commit, in the worker, at least once for each event; the result is ignored."""
