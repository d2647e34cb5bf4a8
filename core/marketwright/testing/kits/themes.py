"""What every theme holds: it draws every page, keeps what must stay, and its texts can be read."""

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import ClassVar

import pytest

from marketwright.app import build_house, create_app
from marketwright.dress import known_tokens
from marketwright.features.desk.life import upgrade_tables
from marketwright.hooks.installed import GROUP
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.packages import offered
from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.store.database import Database
from marketwright.strategies.slots import REQUIRED_SLOTS
from marketwright.testing.cast import make_cast
from marketwright.testing.castlist import Cast
from marketwright.testing.kits.frame import package_of
from marketwright.testing.kits.markup import Seen, read_page, shortened
from marketwright.testing.walking import Opened, Walk, Walker
from marketwright.theming.brand import Brand, Pair
from marketwright.theming.theme import Theme, chain, lend, read_theme
from marketwright.web.house import House
from marketwright.web.slots import mark

TEXTS = {
    "en": "# About us\n\nWho we are, in a sentence that is long enough to wrap on a phone.\n",
    "fr": "# À propos\n\nQui nous sommes, en une phrase assez longue pour passer à la ligne.\n",
}
OTHER_SERVER = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import""")
READS = re.compile(r"var\(--mw-([a-z0-9-]+)")
DECLARES = re.compile(r"--mw-([a-z0-9-]+)\s*:")


@dataclass(frozen=True, slots=True)
class Ground:
    """The marketplace that every theme is tried on, with somebody and something of each kind."""

    marketplace: Marketplace
    cast: Cast
    walker: Walker


def _holding(plugins: Plugins) -> str:
    """The first provider that holds money, '' for none."""
    return next((name for name, entry in plugins.payment_providers.items() if entry.it.holding), "")


@cache
def ground() -> Ground:
    """Made once a process; it lies in a temporary folder that goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="theme-kit-"))
    for language, text in TEXTS.items():
        (folder / "content" / language).mkdir(parents=True)
        (folder / "content" / language / "about.md").write_text(text, "utf-8")
    plugins = tuple(p.name for p in offered(GROUP) if p.dist is not None and p.dist.name == "marketwright")
    made = Marketplace(
        folder=folder, name="Sample", slug="sample", stage=Stage.DEMO, languages=("en", "fr"), country="FR",
        currency="EUR", time_zone="Europe/Paris", base_url="http://localhost", theme="", plugins=plugins,
        database_url=f"sqlite:///{folder / 'sample.sqlite'}", secret_key="a-key-for-tests-only",
    )  # fmt: skip
    made, first = _startable(made)
    _schema(first.database)
    upgrade_tables(first)
    made = replace(made, deal=replace(made.deal, provider=_holding(first.plugins)))
    first.database.dispose()
    house = build_house(made)
    cast = make_cast(house)
    app = create_app(made, house)
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    return Ground(made, cast, Walker(app, cast))


@cache
def plain(only: tuple[str, ...]) -> list[Opened]:
    """Every page of the sample marketplace without a theme; only those that these templates draw, where such are named.

    Opened once a process, and no more of them than are asked for.
    """
    return [page for page in ground().walker.find(only) if not only or page.template in only]


def _startable(made: Marketplace) -> tuple[Marketplace, House]:
    """``made`` without the plugins that cannot start here, as one whose extra is not installed, and its house."""
    while True:
        try:
            return made, build_house(made)
        except BadSetting as error:
            left = tuple(name for name in made.plugins if error.where != f"plugin {name}")
            if left == made.plugins:
                raise
            made = replace(made, plugins=left)


def _schema(database: Database) -> None:
    import marketwright.tables  # noqa: F401  every room's tables

    database.create_schema()


class ThemeConformance:
    """For any theme: ``theme = marketwright_theme_mine``, or ``folder`` where it is no importable package.

    ``marketplace`` is the folder of a marketplace whose own ``theme/`` is tried above the theme; ``pages`` keeps the
    walk to pages that these templates draw.
    """

    theme: ClassVar[ModuleType | None] = None
    folder: ClassVar[Path | None] = None
    marketplace: ClassVar[Path | None] = None
    pages: ClassVar[Sequence[str]] = ()

    @pytest.fixture
    def place(self) -> Path:
        """The theme's own folder."""
        found = self.folder or (package_of(self.theme) if self.theme else None)
        assert found is not None, "say which theme: theme = marketwright_theme_mine"
        return found

    @pytest.fixture
    def read(self, place: Path) -> Theme:
        """The theme as core reads it."""
        return read_theme(place, known_tokens())

    @pytest.fixture
    def walked(self, place: Path) -> Walk:
        """Every page in this theme, opened once a class."""
        return _walk(place, self.marketplace, tuple(self.pages))

    def test_its_name_is_that_of_its_package(self, read: Theme) -> None:
        """The theme ``mine`` lives in ``marketwright_theme_mine``: one name for settings, addresses and files."""
        if self.theme is not None:
            assert self.theme.__name__ == f"marketwright_theme_{read.name}", f"theme.toml says {read.name!r}"
        assert re.fullmatch(r"[a-z][a-z0-9_]*", read.name), f"the name {read.name!r} is no word in small letters"

    def test_its_tokens_are_those_that_there_are(self, place: Path) -> None:
        """``theme.toml`` and ``tokens.json`` can be read, and each token is one of docs/themes.md."""
        try:
            read_theme(place, known_tokens())
        except BadSetting as error:
            pytest.fail(str(error))

    def test_its_parents_are_installed_and_make_no_loop(self, place: Path) -> None:
        """The line of parents ends."""
        try:
            chain(lend(place), known_tokens())
        except BadSetting as error:
            pytest.fail(str(error))

    def test_every_token_that_it_reads_is_declared(self, place: Path) -> None:
        """``var(--mw-…)`` in its stylesheets and tokens names a token of core, or one declared in the same file."""
        for file in [*sorted(place.rglob("*.css")), place / "tokens.json"]:
            text = file.read_text("utf-8") if file.is_file() else ""
            lost = set(READS.findall(text)) - known_tokens() - set(DECLARES.findall(text))
            assert not lost, f"{file.name} reads the unknown token {sorted(lost)[0]!r}"

    def test_its_layers_fit(self, place: Path) -> None:
        """Each override has a parent, overrides blocks that are there, and drops no required slot."""
        try:
            _open(place, self.marketplace).dispose()
        except BadSetting as error:
            pytest.fail(str(error))

    def test_every_page_is_drawn(self, walked: Walk) -> None:
        """Each page of core with sample people, deals and papers, strict about names that are not there."""
        failed = [f"{path}: {error}" for path, error in walked.failed.items()]
        assert not failed, f"{len(failed)} pages fail, the first: {failed[0]}"
        assert walked.pages, "no page was opened"

    def test_required_slots_survive(self, walked: Walk) -> None:
        """Legal lines, payment and the text of a contract stand on every page where core has them."""
        before = {(p.part, p.path): p.text for p in plain(tuple(self.pages))}
        for page in walked.pages:
            for slot in REQUIRED_SLOTS:
                had = mark(slot) in before.get((page.part, page.path), "")
                assert not had or mark(slot) in page.text, f"{page.template} has lost the required slot {slot!r}"

    def test_every_text_can_be_read(self, place: Path) -> None:
        """Each pair of text and ground has a contrast of 4.5 or more, marks 3 or more, by day and by night."""
        poor = [p for p in _pairs(place, self.marketplace) if not p.holds]
        assert not poor, f"{poor[0].text} on {poor[0].ground} has {min(poor[0].day, poor[0].night):.2f}"

    def test_no_page_carries_inline_style_or_script(self, walked: Walk) -> None:
        """The policy of the site forbids both; data (``application/ld+json``) is neither."""
        _all(walked, lambda seen: seen.inline, "has inline style or script")

    def test_each_page_has_one_first_heading(self, walked: Walk) -> None:
        """One ``h1``: what the page is about."""
        _all(walked, lambda seen: [] if seen.headings == 1 else [str(seen.headings)], "has not one h1 but")

    def test_each_input_has_a_label(self, walked: Walk) -> None:
        """A ``label`` around it or for it, or an ``aria-label``."""
        _all(walked, lambda seen: seen.unlabelled(), "has an input without a label:")

    def test_it_asks_nothing_of_another_server(self, place: Path, walked: Walk) -> None:
        """No font, script, style or picture from elsewhere, neither on a page nor in a stylesheet."""
        for file in sorted(place.rglob("*.css")):
            found = OTHER_SERVER.search(re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL))
            assert not found, f"{file.name} reaches for another server or file: {found and found[0]}"
        _all(walked, lambda seen: seen.fetched, "reaches for another server:")


def _open(place: Path, marketplace: Path | None) -> Database:
    """The sample marketplace in this theme, to see whether it starts."""
    house = build_house(_dressed(place, marketplace))
    create_app(house.marketplace, house)
    return house.database


def _dressed(place: Path, marketplace: Path | None) -> Marketplace:
    base = ground().marketplace
    if marketplace is not None:
        folder = Path(tempfile.mkdtemp(prefix="theme-kit-"))
        (folder / "content").symlink_to(base.folder / "content")
        (folder / "theme").symlink_to((marketplace / "theme").absolute())
        base = replace(base, folder=folder)
    return replace(base, theme=lend(place))


@cache
def _walk(place: Path, marketplace: Path | None, only: tuple[str, ...]) -> Walk:
    house = build_house(_dressed(place, marketplace))
    app = create_app(house.marketplace, house)
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    cast = replace(ground().cast, house=house)
    addresses = [(page.part, page.path) for page in plain(only)]
    try:
        return Walker(app, cast).walk(addresses)
    finally:
        house.database.dispose()
        if marketplace is not None:
            shutil.rmtree(house.marketplace.folder, ignore_errors=True)


def _pairs(place: Path, marketplace: Path | None) -> list[Pair]:
    house = build_house(_dressed(place, marketplace))
    house.database.dispose()
    return house.ports.get(Brand).pairs()


def _all(walked: Walk, wrong: Callable[[Seen], list[str]], says: str) -> None:
    for page in walked.pages:
        found = wrong(read_page(page.text))
        assert not found, f"{page.template} ({page.path} as {page.part}) {says} {shortened(found)}"
