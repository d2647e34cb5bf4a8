"""Texts that a person answers for: legal notice, terms, contract templates. A changed text asks again."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy.orm import Session

from marketwright.features.accounts.numbers import Packs, checked_registration, checked_vat, has_key
from marketwright.features.content.sources import page_now
from marketwright.features.live.points import Point, good, missing
from marketwright.features.live.queries import ApprovalRow, approvals
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_, Text, say
from marketwright.settings.marketplace import Legal, Marketplace
from marketwright.strategies.countries import Country
from marketwright.strategies.documents import ContractTemplate

PLACEHOLDERS = ("[TO FILL IN", "[À COMPLÉTER")
WRITTEN = ("terms", "privacy")
LEGAL = ("name", "form", "registration_number", "address", "director", "hosting")
KINDS = {"agreement": N_("agreement"), "confidentiality": N_("confidentiality agreement"), "amendment": N_("amendment")}
_READ = (".py", ".po", ".toml", ".json", ".html", ".md", ".txt")


@dataclass(frozen=True, slots=True)
class Approvable:
    """One text in one language and version, and who approved exactly this; ``before`` an older one that changed."""

    subject: str
    label: Text
    language: str
    version: str
    digest: str
    approved: ApprovalRow | None
    before: ApprovalRow | None
    href: str = ""


def _approvable(session: Session, subject: str, label: Text, language: str, version: str, digest: str,
                href: str = "") -> Approvable:  # fmt: skip
    known = approvals(session, subject, language)
    same = next((a for a in known if a.digest == digest and a.version == version), None)
    older = known[0] if known and same is None else None
    return Approvable(subject, label, language, version, digest, same, older, href)


def templates(session: Session, marketplace: Marketplace, plugins: Plugins) -> list[Approvable]:
    """Every contract template in every language of the site that it speaks."""
    digests: dict[str, str] = {}
    found = []
    for entry in plugins.contract_templates:
        digest = digests.setdefault(entry.plugin, _digest(plugins, entry))
        name = f"{entry.plugin}.{entry.it.name}"
        found += [
            _approvable(session, f"template:{name}", _title(entry.it.kind, name), language, entry.it.version, digest)
            for language in marketplace.languages if language in entry.it.languages
        ]  # fmt: skip
    return found


def _title(kind: str, name: str) -> Text:
    """What a template draws up, in words, and its own name."""
    adds = kind.startswith("clause:")
    known = KINDS.get(kind.removeprefix("clause:"))
    if known is None:
        return say("A paper of a plugin: %(name)s", name=name)
    return say("Clauses of the %(what)s: %(name)s", what=say(known), name=name) if adds else say(
        "The %(what)s: %(name)s", what=say(known), name=name
    )


def _digest(plugins: Plugins, entry: Entry[ContractTemplate]) -> str:
    """Of everything that the template's words come from: the files of its plugin, and the plugin's settings."""
    plugin, hashed = plugins.plugin(entry.plugin), sha256()
    if plugin is None:
        return hashed.hexdigest()
    folder = plugin.folder or Path()
    for file in sorted(p for p in folder.rglob("*") if p.suffix in _READ and p.is_file()) if plugin.folder else ():
        hashed.update(file.relative_to(folder).as_posix().encode() + b"\0" + sha256(file.read_bytes()).digest())
    hashed.update(json.dumps(dict(plugin.settings), sort_keys=True, default=str).encode())
    return hashed.hexdigest()


def terms(session: Session, marketplace: Marketplace, now: datetime) -> list[Approvable]:
    """The terms of use in every language in which they are written."""
    found = []
    for language in marketplace.languages:
        page = page_now(session, marketplace, "terms", language, now)
        if page is not None:
            digest = sha256(f"{page.title}\0{page.text}".encode()).hexdigest()
            label = say("Terms of use")
            found.append(_approvable(session, "page:terms", label, language, digest[:8], digest, "/terms"))
    return found


def written(session: Session, marketplace: Marketplace, now: datetime) -> Point:
    """Terms and privacy: there, without anything left to fill in, the terms approved."""
    title, wrong = say("Terms of use and privacy"), []
    for name in WRITTEN:
        for language in marketplace.languages:
            page = page_now(session, marketplace, name, language, now)
            if page is None:
                wrong.append(say("%(page)s (%(language)s) is not written.", page=name, language=language))
            elif left := sum(page.text.count(p) for p in PLACEHOLDERS):
                wrong.append(say("%(page)s (%(language)s) has %(count)s places left to fill in.", page=name,
                                 language=language, count=left))  # fmt: skip
    if wrong:
        return missing("terms", title, say("They are not ready."),
                       say("Write them in content/<language>/, or in the console."), href="/console/pages",
                       details=tuple(wrong))  # fmt: skip
    return _approved("terms", title, terms(session, marketplace, now))


def contract_templates(session: Session, marketplace: Marketplace, plugins: Plugins) -> Point:
    """Contract templates: one agreement a language, every template approved."""
    title = say("{Contract} templates")
    spoken = {lang for e in plugins.contract_templates if e.it.kind == "agreement" for lang in e.it.languages}
    silent = [lang for lang in marketplace.languages if lang not in spoken]
    if silent:
        return missing("templates", title, say("No template draws up an agreement in: %(languages)s.",
                                               languages=", ".join(silent)),
                       say("Enable a plugin with {contract} templates in this language."))  # fmt: skip
    return _approved("templates", title, templates(session, marketplace, plugins))


def _approved(name: str, title: Text, asked: list[Approvable]) -> Point:
    left = [a for a in asked if a.approved is None]
    if left:
        details = tuple(
            say("%(what)s (%(language)s) has changed since %(who)s approved it.", what=a.label, language=a.language,
                who=a.before.name) if a.before
            else say("%(what)s (%(language)s) is not approved.", what=a.label, language=a.language)
            for a in left
        )  # fmt: skip
        return missing(name, title, say("%(count)s texts wait for the yes of a named person.", count=len(left)),
                       say("Let your lawyer read them, then record who approved them."),
                       href="/console/live#texts", details=details)  # fmt: skip
    who = ", ".join(dict.fromkeys(a.approved.name for a in asked if a.approved))
    return good(name, title, say("Approved by %(who)s.", who=who))


def legal(marketplace: Marketplace, session: Session, now: datetime, *, packs: Packs) -> Point:
    """Who runs the site: the settings' lines, and the page where the operator has written one."""
    title, given = say("Legal notice"), marketplace.legal
    details: list[Text] = [say("%(key)s is empty.", key=f"legal.{key}") for key in LEGAL if not _filled(given, key)]
    details += _numbers(given, given.country or marketplace.country, packs)
    unsaid = bool(details)
    for language in marketplace.languages:
        page = page_now(session, marketplace, "legal", language, now)
        left = sum(page.text.count(p) for p in PLACEHOLDERS) if page else 0
        if left:
            details.append(say("%(page)s (%(language)s) has %(count)s places left to fill in.", page="legal",
                               language=language, count=left))  # fmt: skip
    if details and not unsaid:
        return missing("legal", title, say("%(name)s runs the site; its page is not written to the end.",
                                           name=given.name),
                       say("Write it in content/<language>/legal.md, or in the console."), href="/console/pages",
                       details=tuple(details))  # fmt: skip
    if details:
        return missing("legal", title, say("It does not say yet who runs the site."),
                       say("Fill in [legal] in marketplace.toml, or in the settings of the console."),
                       href="/console/settings", details=tuple(details))  # fmt: skip
    return good("legal", title, say("%(name)s runs the site.", name=given.name))


def _numbers(given: Legal, country: str, packs: Packs) -> list[Text]:
    """Numbers of the company whose key does not hold; a register without one is believed."""
    found, digits = [], "".join(c for c in given.registration_number if c.isdigit())
    registration = digits if has_key(country, packs) and digits else given.registration_number
    if given.registration_number and not _holds(lambda: checked_registration(country, registration, packs=packs)):
        found.append(say("%(key)s: its key does not hold.", key="legal.registration_number"))
    if given.vat_number and not _holds(lambda: checked_vat(country, given.vat_number, digits, packs=packs)):
        found.append(say("%(key)s: its key does not hold.", key="legal.vat_number"))
    return found


def _holds(check: Callable[[], str]) -> bool:
    try:
        check()
    except InvalidInput:
        return False
    return True


def duties(marketplace: Marketplace, plugins: Plugins, today: date) -> Point:
    """Whether the papers that the country's law makes clients hold are asked for at the gate of larger deals."""
    title, home = say("Papers that {client.other} must hold"), marketplace.home
    entry = plugins.countries.get(home)
    if entry is None:
        return missing("duties", title, say("No country pack for %(country)s says which.", country=home),
                       say("Enable one, or ask your adviser; the console’s page Country lists what is not covered."),
                       href="/console/country")  # fmt: skip
    duty = entry.it.obligation(today)
    if duty is None:
        return good("duties", title, say("The pack of %(country)s knows of none.", country=home))
    if duty.check not in marketplace.gates.get("sign_above", ()):
        return missing("duties", title, say("The check %(check)s is not asked for.", check=duty.check),
                       say("Add it to gates.sign_above in the settings."), href="/console/country")  # fmt: skip
    return good("duties", title, say("Asked for: %(check)s.", check=duty.check))


def invoices(marketplace: Marketplace, countries: Mapping[str, Entry[Country]]) -> Point:
    """Whether somebody knows how the marketplace's own fees, and its sellers' work, are taxed and invoiced."""
    title, home = say("Invoices"), marketplace.home
    if home not in countries:
        return missing(
            "invoices", title,
            say("No country pack for %(country)s is enabled: no invoice can be issued.", country=home),
            say("Enable one, such as country_fr for France, in the list of plugins."), href="/console/plugins",
        )  # fmt: skip
    if marketplace.legal.vat_regime == "standard" and not marketplace.legal.vat_number:
        return missing(
            "invoices", title, say("Fees are taxed, and [legal] names no VAT number: their invoices wait for it."),
            say("Fill in [legal] in marketplace.toml, or in the settings of the console."), href="/console/settings",
        )  # fmt: skip
    known = say("Packs for: %(countries)s.", countries=", ".join(sorted(countries)))
    first = min((d.dated.since for d in countries[home].it.electronic), default=None)
    if first is None:
        return good("invoices", title, known)
    exchange = say(
        "The law asks for invoices over an approved platform, for the first ones since %(day)s; no plugin connects "
        "one. The console’s page Country says who must do what by when.", day=first,
    )  # fmt: skip
    return good("invoices", title, known, details=(exchange,))


def _filled(given: Legal, key: str) -> bool:
    text = str(getattr(given, key)).strip()
    return bool(text) and not any(p in text for p in PLACEHOLDERS)
