"""Criteria over fields of their own plugin, each broken on purpose in one way, and one that is not."""

from types import ModuleType

import numpy as np

from marketwright.plugin import Field, FieldForm, Manifest, MatchingCriterion, Reason
from marketwright.testing import MatchingCriterionConformance

CHOICES = tuple((key, {"en": key.title()}) for key in ("bank", "industry", "health"))
FIELDS = (
    Field("mission", "sector", FieldForm.CHOICE, {"en": "Sector"}, choices=CHOICES, column=True),
    Field("profile", "sectors", FieldForm.CHOICES, {"en": "Sectors"}, choices=CHOICES, column=True),
    Field("profile", "largest", FieldForm.MONEY, {"en": "Largest budget"}, column=True),
    Field("profile", "since", FieldForm.DATE, {"en": "Since"}, column=True),
    Field("profile", "leads", FieldForm.YES_NO, {"en": "Leads"}, column=True),
    Field("profile", "teams", FieldForm.NUMBER, {"en": "Teams"}, minimum=1, maximum=9, column=True),
)


def plugin(criterion):
    made = ModuleType("marketwright_trade")
    made.manifest = Manifest(name="trade", summary="A trade.")
    made.register_fields = lambda settings: FIELDS
    made.register_matching_criteria = lambda settings: [criterion]
    return made


class Fair(MatchingCriterion):
    """Half for work in the sector of the mission, and a little for each of the rest."""

    name, label, about = "trade", "Trade", "Work in the sector, and what was led there."
    reads = ("x_sector", "x_sectors.bank", "x_sectors.industry", "x_largest", "x_since", "x_teams")

    def score(self, c):
        place = c.m["x_sector"]
        worked = np.where(place == 0, c.p["x_sectors.bank"], c.p["x_sectors.industry"]) * (place < 2)
        led = (c.p["x_largest"] > 50_000) * 1.0 + (c.p["x_since"] < c.p["today"]) + c.p["x_leads"] + c.p["x_teams"] / 9
        return (worked * 0.5 + led / 8.0).astype(np.float32)

    def reason(self, c, i, score):
        return Reason("Worked there" if score > 0.5 else "Nothing in the sector")


class TestFair(MatchingCriterionConformance):
    plugin = plugin(Fair)


class Sloppy(Fair):
    """It takes a sector that nobody named for the first one."""

    reads = ("x_sectors.bank", "x_sectors.industry", "x_largest", "x_since", "x_teams")


class TestSloppy(MatchingCriterionConformance):
    plugin = plugin(Sloppy)
    caught_by = "test_it_declares_what_it_reads"


class Ailing(Fair):
    """By a choice whose word nobody is ranked by."""

    def score(self, c):
        return super().score(c) * np.where(c.p["x_sectors.health"] > 0, 1.0, 0.5)


class TestAiling(MatchingCriterionConformance):
    plugin = plugin(Ailing)
    caught_by = "test_it_reads_no_banned_column"


class Elsewhere(Fair):
    """A column of a field that this plugin does not bring."""

    reads = (*Fair.reads, "x_clearance")


class TestElsewhere(MatchingCriterionConformance):
    plugin = plugin(Elsewhere)
    caught_by = "test_it_reads_columns_that_exist"
