"""Pricing a deal: core lays the work, the rules walk in the order of marketplace.toml, every line is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from marketwright.features.pricing.wire import quote_from_json, quote_to_json
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput, PluginFailed, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR, Money, share_bps
from marketwright.kernel.text import N_, say
from marketwright.strategies.pricing import Deal, Extra, Line, LineKind, Note, Override, Param, PricingRule, Quote

LEAST_BPS, MOST_BPS = 500, 1500  # L11: both sides together
FEES = (LineKind.CLIENT_FEE, LineKind.FREELANCER_FEE)
EXTRAS = {"client": LineKind.CLIENT_EXTRA, "freelancer": LineKind.FREELANCER_EXTRA}
OURS = (LineKind.WORK, *EXTRAS.values())  # what core alone lays
BASES: dict[LineKind, LineKind] = {
    LineKind.WORK_TAX: LineKind.WORK,
    LineKind.CLIENT_FEE_TAX: LineKind.CLIENT_FEE,
    LineKind.FREELANCER_FEE_TAX: LineKind.FREELANCER_FEE,
    LineKind.CLIENT_FEE: LineKind.WORK,
    LineKind.FREELANCER_FEE: LineKind.WORK,
    LineKind.CLIENT_EXTRA_TAX: LineKind.CLIENT_EXTRA,
    LineKind.FREELANCER_EXTRA_TAX: LineKind.FREELANCER_EXTRA,
}  # what each kind is a share of, and never more than


class FeesOutOfBounds(Unavailable):
    """The rules of this marketplace ask for less or more than both sides together may pay (L11)."""


def price(plugins: Plugins, deal: Deal) -> Quote:
    """The quote of ``deal``. Call it before a unit of work opens: rules are plugins.

    Raises ``InvalidInput`` for a deal without work, ``PluginFailed`` naming rule and plugin for a line that may not
    be, ``Unavailable`` where no rule is installed, and :class:`FeesOutOfBounds` (L11).
    """
    _check_deal(deal)
    deal = replace(deal, countries={code: entry.it for code, entry in plugins.countries.items()})
    if not plugins.pricing_rules:
        raise Unavailable("Nothing can be priced yet: this marketplace has no pricing rules.")
    quote = Quote(deal, (*(_work(number, deal) for number in range(len(deal.parts))), *map(_extra, deal.extras)))
    for entry in plugins.pricing_rules:
        added = entry.ask(f"the pricing rule {entry.it.name}", partial(_lines, quote=quote))
        quote = replace(quote, lines=quote.lines + _checked(entry, quote, added))
    check_bounds(quote)
    return quote


def price_with_codes(plugins: Plugins, deal: Deal) -> Quote:
    """As :func:`price`, with those codes of ``deal`` alone without which a fee would be another one.

    A code that takes nothing off is not in the quote: it is not used up, and can be entered for another deal.
    """
    quote = price(plugins, deal)
    for voucher in deal.vouchers:
        others = tuple(v for v in quote.deal.vouchers if v != voucher)
        try:
            without = price(plugins, replace(deal, vouchers=others))
        except FeesOutOfBounds:
            continue  # with it alone the deal can be agreed
        if _fees(without) == _fees(quote):
            quote = without
    return quote


def _fees(quote: Quote) -> list[Money]:
    return [quote.sum_of(kind, part=part) for kind in FEES for part in range(len(quote.deal.parts))]


def _check_deal(deal: Deal) -> None:
    if not deal.parts:
        raise InvalidInput({"lines": [say("{Proposal.a} needs at least one line.")]})
    for part in deal.parts:
        if part.work.currency != deal.currency or part.work.amount <= 0:
            raise InvalidInput({"lines": [say("Every line needs an amount above zero.")]})
    if sum(part.work.amount for part in deal.parts) > MAX_MINOR // 10:
        raise InvalidInput({"lines": [say("The amount is too large.")]})


def _work(number: int, deal: Deal) -> Line:
    part = deal.parts[number]
    return Line(
        LineKind.WORK, N_("%(title)s"), part.work, number, rule="core.work", why=N_("as proposed"),
        params={"title": part.title},
    )  # fmt: skip


def _extra(extra: Extra) -> Line:
    """What is ordered beside the deal belongs to the whole: it stands with the first part and is never held."""
    return Line(
        EXTRAS[extra.side], N_("%(title)s"), extra.amount, 0, rule=f"core.extra.{extra.name}",
        why=N_("ordered beside the {contract}"), params={"title": extra.label},
    )  # fmt: skip


def _lines(rule: PricingRule, *, quote: Quote) -> list[Line]:
    return rule.lines(quote)


def _checked(entry: Entry[PricingRule], quote: Quote, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of one rule, each valid on its own and with those before, named ``<plugin>.<rule>``."""
    what = f"the pricing rule {entry.it.name}"
    if not isinstance(lines, list | tuple):
        raise entry.failed(what, f"it answered {type(lines).__name__}, not a list of lines")
    found: list[Line] = []
    for line in lines:
        wrong = _wrong(quote, line)
        if wrong:
            raise entry.failed(what, wrong)
        found.append(replace(line, rule=f"{entry.plugin}.{line.rule or entry.it.name}"))
    return tuple(found)


def _wrong(quote: Quote, line: Line) -> str:
    """What is wrong with ``line``, or ''."""
    if not isinstance(line, Line) or not isinstance(line.kind, LineKind):
        return f"{line!r} is not a line of a known kind"
    if line.kind in OURS:
        what = "work" if line.kind is LineKind.WORK else "what nobody ordered"
        return f"it adds {what}; rules add fees and taxes only"
    if not isinstance(line.amount, Money) or type(line.amount.amount) is not int:
        return f"the amount of {line.label!r} is not a whole number of minor units"
    if line.amount.currency != quote.deal.currency:
        return f"{line.label!r} is in {line.amount.currency}, the deal in {quote.deal.currency}"
    if line.amount.amount < 0:
        return f"{line.label!r} takes {-line.amount.amount} away; rules only add"
    if type(line.part) is not int or not 0 <= line.part < len(quote.deal.parts):
        return f"{line.label!r} belongs to part {line.part!r}, the deal has {len(quote.deal.parts)}"
    return _wrong_share(quote, line) or _wrong_words(line)


def _wrong_share(quote: Quote, line: Line) -> str:
    """A fee with a rate is exactly that share of its part's work (L11); a tax with a rate leaves that to its base."""
    if line.bps is not None and (type(line.bps) is not int or not 0 <= line.bps <= 10_000):
        return f"the rate of {line.label!r} is {line.bps!r}, not basis points from 0 to 10000"
    if line.kind in FEES and line.bps is not None:
        due = share_bps(quote.deal.parts[line.part].work.amount, line.bps)
        if line.amount.amount != due:
            return f"{line.label!r} is {line.amount.amount}, {line.bps} basis points of the work are {due}"
    return ""


def _wrong_words(line: Line) -> str:
    """Label and reason are sentences whose places are filled."""
    if not all(isinstance(note, Note) for note in line.notes):
        return f"a note of {line.label!r} is not a Note"
    said = [(line.label, line.params, line.bps), (line.why, line.params, line.bps)]
    for sentence, params, bps in [*said, *((note.text, note.params, note.bps) for note in line.notes)]:
        wrong = _wrong_sentence(sentence, params, bps)
        if wrong:
            return wrong
    if line.override is not None and not (isinstance(line.override, Override) and _signed(line.override)):
        return f"the exception of {line.label!r} is not signed: it names who, on which day and why"
    return "" if line.label.strip() else "a line has no label"


def _wrong_sentence(sentence: str, params: Mapping[str, Param], bps: int | None) -> str:
    for name, value in params.items():
        if isinstance(value, bool) or not isinstance(value, str | int | Money | date):
            return f"the place {name!r} of {sentence!r} holds {type(value).__name__}; Money, date, int, str may be"
    try:
        sentence % {**dict.fromkeys(params, ""), **({"rate": ""} if bps is not None else {})}
    except (KeyError, ValueError, TypeError) as error:
        return f"{sentence!r} has a place that nothing fills ({error})"
    return ""


def _signed(override: Override) -> bool:
    return bool(override.by.strip() and override.why.strip()) and isinstance(override.on, date)


@dataclass(frozen=True, slots=True)
class _Share:
    """The fees on a part, or on all: ``fees`` with rates as they are and ``amount`` as they rounded (ten-thousandths).

    ``loose`` counts the fees without a rate: each is half a minor unit from exact, half up. ``least`` and ``most`` are
    the bounds.
    """

    fees: int
    amount: int
    loose: int
    least: int
    most: int

    def is_exact(self) -> bool:
        """Whether exact fees that round to these lie within the bounds."""
        spread = 10_000 * self.loose
        return 2 * self.fees + spread - bool(spread) >= 2 * self.least and 2 * self.fees - spread <= 2 * self.most

    def is_near(self) -> bool:
        """Whether it may be a share of fees that were rounded over the whole: a minor unit more or less for each."""
        spread = 10_000 * self.loose
        return self.least - spread <= self.fees <= self.most + spread

    def is_held(self) -> bool:
        """Whether a hold takes it: what is signed can be paid in."""
        return self.least - 10_000 <= self.amount <= self.most + 10_000


def check_bounds(quote: Quote) -> None:
    """L11, part by part: both fees together are 5 to 15 % of the work; own network may pay less. Taxes fit their base.

    A fee with a rate counts with its rate, so that rounding never moves a bound. One without was rounded once: over the
    whole deal, which is then within the bounds and each part within the unit that sharing moved, or in each part. A
    signed override on one of the fees lets them leave the bounds, never the work itself.
    """
    shares = [_share(quote, number) for number in range(len(quote.deal.parts))]
    once = _whole(quote, shares).is_exact()
    for number, (part, share) in enumerate(zip(quote.deal.parts, shares, strict=True)):
        if not share.is_held() or not (share.is_exact() or (once and share.is_near())):
            raise FeesOutOfBounds(
                N_("The fees of %(title)s come to %(rate)s %% of the work; both sides together pay from 5 to 15 %%. "
                   "The rules at work: %(rules)s."), code="L11", title=part.title,
                rate=f"{share.fees / part.work.amount / 100:.2f}", rules=_rules_at_work(quote, number),
            )  # fmt: skip
        for kind, base in BASES.items():
            if quote.sum_of(base, part=number) < quote.sum_of(kind, part=number):
                rules = ", ".join(sorted({ln.rule for ln in quote.lines if ln.kind is kind}))
                raise PluginFailed(rules.split(".")[0], rules, f"{kind} is more than {base} in {part.title!r}")


def _share(quote: Quote, number: int) -> _Share:
    work = quote.deal.parts[number].work.amount
    lines = [line for line in quote.lines if _is_fee_of(line, number)]
    signed = any(line.override is not None for line in lines)
    return _Share(
        fees=sum(_in_ten_thousandths(line, work) for line in lines),
        amount=10_000 * sum(line.amount.amount for line in lines),
        loose=sum(1 for line in lines if line.bps is None),
        least=0 if quote.deal.own_network or signed else LEAST_BPS * work,
        most=10_000 * work if signed else MOST_BPS * work,
    )


def _whole(quote: Quote, shares: Sequence[_Share]) -> _Share:
    """All parts together, where a rule without a rate rounded once for each side."""
    return _Share(
        fees=sum(share.fees for share in shares), amount=sum(share.amount for share in shares),
        loose=len({(line.kind, line.rule) for line in quote.lines if line.kind in FEES and line.bps is None}),
        least=sum(share.least for share in shares), most=sum(share.most for share in shares),
    )  # fmt: skip


def _is_fee_of(line: Line, part: int) -> bool:
    return line.kind in FEES and line.part == part


def _in_ten_thousandths(line: Line, work: int) -> int:
    return line.bps * work if line.bps is not None else line.amount.amount * 10_000


def _rules_at_work(quote: Quote, part: int) -> str:
    return ", ".join(sorted({ln.rule for ln in quote.lines if _is_fee_of(ln, part)})) or "none"


__all__ = ["FeesOutOfBounds", "check_bounds", "price", "price_with_codes", "quote_from_json", "quote_to_json"]
