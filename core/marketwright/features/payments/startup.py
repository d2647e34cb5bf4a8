"""What is checked of payment providers before a marketplace starts."""

from collections.abc import Iterable

from marketwright.features.payments.ports import Onboarding
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.text import Text, say
from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.strategies.payments import Capabilities, PaymentProvider
from marketwright.strategies.processes import Action, Process

_PLATFORM_HOLDS = (
    "whoever holds the funds of this provider is the platform itself: it would let the platform hold client money."
)
_LICENSED = "Only a licensed provider may hold it; take another."


def check_providers(
    marketplace: Marketplace, plugins: Plugins, processes: Iterable[Process] = ()
) -> tuple[Text, ...]:
    """What deals cannot do yet for want of a provider, in words; ``processes`` are those on offer.

    ``BadSetting`` for what must not start at all: a provider that lets the platform hold client money, a test
    provider on a live stage, a named one that is not enabled, one that cannot do what a process needs.
    """
    for name, entry in plugins.payment_providers.items():
        _check(marketplace, name, entry)
    holding = [p for p in processes if p.holds]
    chosen = marketplace.deal.provider
    if not chosen:
        return tuple(
            say("“%(process)s” needs a payment provider; name one in deal.provider.", process=say(p.label))
            for p in holding
        )
    chosen_entry = plugins.payment_providers.get(chosen)
    if chosen_entry is None:
        raise BadSetting(
            f"no enabled plugin brings the payment provider {chosen!r}.", where="marketplace.toml: deal.provider",
            fix=f"There are: {', '.join(plugins.payment_providers) or 'none'}.",
        )  # fmt: skip
    can = _capabilities(chosen_entry)
    for process in holding:
        _check_process(chosen, can, process)
    return ()


def onboarding_of(plugins: Plugins) -> Onboarding:
    """The providers that must know whom they pay."""
    found = plugins.payment_providers.items()
    return Onboarding(frozenset(name for name, entry in found if _capabilities(entry).onboarding))


def _capabilities(entry: Entry[PaymentProvider]) -> Capabilities:
    return entry.ask("capabilities", lambda p: p.capabilities)


def _check(marketplace: Marketplace, name: str, entry: Entry[PaymentProvider]) -> None:
    can = _capabilities(entry)
    where = f"payment provider {name}"
    if can.holds and can.platform_holds:
        raise BadSetting(_PLATFORM_HOLDS, where=where, fix=_LICENSED)
    if can.holds and not can.holder.strip():
        raise BadSetting("it says that it holds money, and not who does.", where=where,
                         fix="Its capabilities must name the holder; tell its author.")  # fmt: skip
    if can.test_only and marketplace.stage is Stage.LIVE:
        raise BadSetting("it is for tests and demonstrations only.", where=where,
                         fix="Take it off `plugins`, or lower marketplace.stage.")  # fmt: skip
    if why := entry.it.refuses.get(marketplace.currency, ""):
        raise BadSetting(why, where=where)
    if marketplace.currency not in can.currencies:
        raise BadSetting(f"it cannot move {marketplace.currency}.", where=where,
                         fix=f"It moves {', '.join(can.currencies)}.")  # fmt: skip


def _check_process(name: str, can: Capabilities, process: Process) -> None:
    where = f"payment provider {name}"
    if can.platform_holds:
        raise BadSetting(f"the process {process.name!r} holds money, and {_PLATFORM_HOLDS}", where=where,
                         fix=f"{_LICENSED} Or offer only processes without a hold in deal.processes.")  # fmt: skip
    if not can.holds:
        raise BadSetting(
            f"it cannot hold money, and the process {process.name!r} needs that.",
            where=where, fix="Offer only processes without a hold in deal.processes, or take a provider that holds.",
        )  # fmt: skip
    splits = any(Action.SPLIT in t.actions for t in process.transitions)
    if splits and not can.partial_release:
        raise BadSetting(f"it cannot release a part, and the process {process.name!r} splits money.", where=where)
