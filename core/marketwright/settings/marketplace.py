"""The settings of one marketplace."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.time import end_of_day
from marketwright.kernel.words import with_form
from marketwright.settings.courses import Cancellation
from marketwright.settings.offers import ExtraOffer, Subscriptions
from marketwright.settings.ranking import RankingSettings
from marketwright.strategies.fields import Field


class Stage(StrEnum):
    """demo and test have a movable clock and the sandbox; live has neither."""

    DEMO = "demo"
    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may enter and what is public: ``open``, ``approval`` or ``invitation`` for each side."""

    freelancers: str = "open"
    clients: str = "open"
    missions: str = "open"  # open, approval
    public_missions: bool = True
    public_freelancers: bool = True


@dataclass(frozen=True, slots=True)
class DealSettings:
    """What new deals run on: the processes offered, the provider, the days that things stay open."""

    processes: tuple[str, ...] = ("milestones",)
    provider: str = ""
    proposal_days: int = 14
    review_days: int = 14
    cancellation: tuple[Cancellation, ...] = ()
    remind_days: tuple[int, ...] = ()
    reauthenticate_above: int = 500_000  # minor units: approving more asks for the password again (E10)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often within an hour: each account, sign-ups the whole site."""

    messages: int = 120
    conversations: int = 40
    proposals: int = 60
    uploads: int = 120
    exports: int = 120
    sign_ups: int = 1000


@dataclass(frozen=True, slots=True)
class Legal:
    """Who runs the marketplace: lines of the legal footer and the party of its invoices."""

    name: str = ""
    form: str = ""
    registration_number: str = ""
    vat_number: str = ""
    address: str = ""
    country: str = ""
    director: str = ""
    hosting: str = ""
    vat_regime: str = ""
    iban: str = ""
    bic: str = ""
    bank_holder: str = ""

    @property
    def full_name(self) -> str:
        """The name with its legal form, which is not said twice where the name has it already."""
        return with_form(self.name, self.form)


@dataclass(frozen=True, slots=True)
class MenuLink:
    """One entry of a menu: what it reads, and a path of this site or an ``https://`` address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Menu:
    """The menus of one language; ``None`` where the site's own stand. The footer is (title, links) by column."""

    header: tuple[MenuLink, ...] | None = None
    footer: tuple[tuple[str, tuple[MenuLink, ...]], ...] | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail goes: an ``smtp://`` address, or empty to keep it in the console only (below live)."""

    sender: str = "no-reply@example.org"
    smtp: str = ""
    dkim_selector: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where settings come from: the file's tables as written, key patterns that it locks, keys that the environment
    gives (by variable), and the ``overlay``: what the console saved over ``base``, by dotted key.
    """

    file: Path | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    locked: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    overlay: Mapping[str, Any] = field(default_factory=dict)
    base: "Marketplace | None" = None


@dataclass(frozen=True, slots=True)
class Look:
    """What an operator changes of the theme; empty or ``None`` leaves it as the theme has it."""

    brand: str = ""  # #rrggbb
    tint: float | None = None  # how much of its hue the greys take, 0 to 2
    round: int | None = None  # pixels
    air: float | None = None  # multiplies the space between things
    density: str = ""  # normal, compact
    font: str = ""  # the family of headings, from what is installed
    scheme: str = "auto"  # auto, light, dark
    logo: str = ""  # ids of stored files
    favicon: str = ""


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One branded site, as marketplace.toml and the environment say. ``folder`` holds the file, theme and content."""

    folder: Path
    name: str
    slug: str
    stage: Stage
    languages: tuple[str, ...]
    country: str
    currency: str
    time_zone: str
    base_url: str
    theme: str
    database_url: str
    secret_key: str
    plugins: tuple[str, ...]
    seal_keys: tuple[str, ...] = field(default=(), repr=False)  # of the environment: the first one seals
    tagline: Mapping[str, str] = field(default_factory=dict)
    access: Access = field(default_factory=Access)
    deal: DealSettings = field(default_factory=DealSettings)
    limits: Limits = field(default_factory=Limits)
    legal: Legal = field(default_factory=Legal)
    mail: Mail = field(default_factory=Mail)
    gates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    plugin_settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    vocabulary: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)  # language, term, form
    menus: Mapping[str, Menu] = field(default_factory=dict)  # by language
    addresses: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # language, stable address: its own
    fields: tuple[Field, ...] = ()
    look: Look = field(default_factory=Look)
    ranking: RankingSettings = field(default_factory=RankingSettings)
    subscriptions: Subscriptions = field(default_factory=Subscriptions)
    extras: tuple[ExtraOffer, ...] = ()
    source: Source = field(default_factory=Source)
    safe: bool = False  # start with core and its own plugins alone (`run --safe`)
    scratch: Path | None = None  # where a rehearsal writes instead

    @property
    def sealing(self) -> tuple[str, ...]:
        """The keys of what is sealed, the first one seals; below live one made from the secret where none is given."""
        return self.seal_keys or (() if self.stage is Stage.LIVE else (f"below live: {self.secret_key}",))

    @property
    def var(self) -> Path:
        """The folder of what is written at run time: uploads, plugin books, logs."""
        return self.scratch or self.folder / "var"

    def local(self, at: datetime) -> datetime:
        """``at`` on the clock of where the marketplace is."""
        return at.astimezone(ZoneInfo(self.time_zone))

    @property
    def home(self) -> str:
        """The country of the marketplace's company: whose rules tax what it sells."""
        return self.legal.country or self.country

    @property
    def vat_regime(self) -> str:
        """The company's VAT regime; unless ``[legal]`` says it, one that is registered without a VAT number has none.

        Before the company is filled in, fees are quoted with VAT.
        """
        legal = self.legal
        told = legal.vat_number or not legal.registration_number
        return legal.vat_regime or ("standard" if told else "franchise")

    def day_of(self, at: datetime) -> date:
        """The day of ``at`` where the marketplace is: what documents are dated by, and what "today" means."""
        return self.local(at).date()

    def end_of_day(self, day: date) -> datetime:
        """The last minute of ``day`` where the marketplace is, as business time."""
        return end_of_day(day, self.time_zone)

    @property
    def movable_clock(self) -> bool:
        """Whether business time may be moved: below live only."""
        return self.stage is not Stage.LIVE
