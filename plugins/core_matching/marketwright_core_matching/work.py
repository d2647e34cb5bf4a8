"""The terms of the work: day rate and availability."""

from functools import lru_cache
from typing import Any

import numpy as np

from marketwright.plugin import N_, Candidates, Columns, Reason
from marketwright_core_matching.base import (
    KEPT,
    MORE,
    ONE,
    ZERO,
    Criterion,
    amount,
    day,
    falling,
    filled,
    lone,
    number,
    whole,
)

SOON, ENOUGH = 0.7, 0.3
DATES, DAYS = number(SOON), number(ENOUGH)
EACH = ENOUGH * MORE  # what one day a week of one asked for brings

UNDER, OVER = N_("%(gap)s a day under the budget"), N_("%(gap)s a day over the budget")
FULL_AT_BUDGET = N_("Full points at %(budget)s a day.")
NO_BUDGET = Reason(N_("The {mission} gives no budget by the day"), tone="near")
NO_RATE = Reason(N_("No day rate given"), tone="near", advice=N_("A day rate on the {profile}."))
AT_BUDGET = Reason(N_("Right at the budget"))

NOW, IN_TIME = N_("Free now"), N_("Free on %(free)s, in time for the start")
LATE = N_("Free on %(free)s; the start is on %(start)s")
LATE_AND_FEW = N_("Free on %(free)s, %(days)s of %(asked)s days a week; the start is on %(start)s")
FEW = N_("Free in time, %(days)s of %(asked)s days a week")
NO_START = N_("Free on %(free)s; the {mission} gives no start")
NOW_AND_FEW = N_("Free now, %(days)s of %(asked)s days a week")
NO_START_AND_FEW = N_("Free on %(free)s, %(days)s of %(asked)s days a week; the {mission} gives no start")
FULL_LATER, FULL_FEWER = N_("Full points for a start on %(free)s."), N_("Full points for %(days)s days a week.")
NO_DATE = Reason(N_("Does not say when free"), tone="near", advice=N_("A date from which they are free."))


class DayRate(Criterion):
    """Full score at or under the budget, none at ``rate_ends`` times the budget."""

    name = "day_rate"
    label = N_("Day rate")
    about = N_("The day rate against what the {mission} can pay a day. Being cheaper than the budget brings no more.")
    weight = 0.15
    reads = ("day_budget", "day_rate")
    says = (("p", "day_rate"), ("m", "day_budget"))

    def score(self, c: Candidates) -> Any:
        """1 up to the budget, then down."""
        return falling(c.p["day_rate"] / lone(c.m, "day_budget"), 1.0, self.settings["rate_ends"])

    def say(self, tone: str, rate: float | None, budget: float | None) -> Reason:
        """The gap between rate and budget."""
        if budget is None:
            return NO_BUDGET
        if rate is None:
            return NO_RATE
        if rate == budget:
            return AT_BUDGET
        if rate < budget:
            return _under(budget - rate, self.desk.currency)
        return _over(rate - budget, budget, self.desk.currency, tone)


@lru_cache(KEPT)
def _under(gap: float, currency: str) -> Reason:
    return Reason(UNDER, {"gap": amount(gap, currency)})


@lru_cache(KEPT)
def _over(gap: float, budget: float, currency: str, tone: str) -> Reason:
    return Reason(OVER, {"gap": amount(gap, currency), "budget": amount(budget, currency)}, tone, FULL_AT_BUDGET)


class Availability(Criterion):
    """70 % for being free at the start, 30 % for the days a week; a gate for who is free far too late."""

    name = "availability"
    label = N_("Availability")
    about = N_("The day from which somebody is free against the start, and the days a week against those asked for.")
    weight = 0.15
    reads = ("available_from",)
    bounded = True
    says = (("p", "available_from"), ("m", "starts"), ("m", "today"), ("p", "days_a_week"), ("m", "days_a_week"))

    def _late(self, c: Candidates) -> Any:
        gap = np.maximum(c.p["available_from"].astype(np.float32) - lone(c.m, "starts"), ZERO)
        unknown = c.m.missing("starts")
        return gap if unknown is None else filled(gap, unknown, ZERO)

    def gate(self, c: Candidates) -> Any:
        """Keep out who is free more than ``late_gate`` days after the start."""
        limit = self.settings["late_gate"]
        return self._late(c) <= limit if limit else None

    def bounds(self, m: Columns | None) -> Any:
        """The last day that the gate lets through."""
        limit = self.settings["late_gate"]
        start = m.at("starts", 0) if m is not None else None
        return {"available_from": (None, start + limit)} if limit and start is not None else {}

    def score(self, c: Candidates) -> Any:
        """Dates and days a week together."""
        asked = c.m.same("days_a_week")
        each = EACH / np.maximum(c.m["days_a_week"], ONE) if asked is None else number(EACH / max(asked, 1.0))
        days = np.minimum(c.p["days_a_week"] * each, DAYS)
        for unknown in (c.p.missing("days_a_week"), c.m.missing("days_a_week")):
            if unknown is not None:
                days = filled(days, unknown, DAYS)
        return np.maximum(DATES - self._late(c) * number(SOON / self.settings["late_ends"]), ZERO) + days

    def say(self, tone: str, free: float | None, start: float | None, today: float | None, has: float | None,
            asked: float | None) -> Reason:  # fmt: skip
        """When free, against the start; days a week where there are too few."""
        if free is None:
            return NO_DATE
        few = has is not None and asked is not None and has < asked
        params = free, start or free, has or 0, asked or 0
        if start is not None and free > start:
            return _when(LATE_AND_FEW if few else LATE, FULL_LATER, tone, *params)
        now = free <= (today or 0)
        if few:
            open_ = NOW_AND_FEW if now else NO_START_AND_FEW
            return _when(FEW if start is not None else open_, FULL_FEWER, tone, *params)
        return _when(NOW if now else IN_TIME if start is not None else NO_START, "", tone, *params)


@lru_cache(KEPT)
def _when(text: str, advice: str, tone: str, free: float, start: float, days: float, asked: float) -> Reason:
    params = {"free": day(free), "start": day(start), "days": whole(days), "asked": whole(asked)}
    return Reason(text, params, tone, advice)
