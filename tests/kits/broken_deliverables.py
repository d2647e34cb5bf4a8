"""Deliverables, each broken on purpose in one way, and one that is not."""

import random
from dataclasses import replace

from marketwright.plugin import Deliverable, Field, FieldForm, Handed, HandedRows, Judgement
from marketwright.testing import DeliverableConformance


def field(name, form, **more):
    return Field("deliverable", name, form, {"en": name}, **more)


class Fair(Deliverable):
    """Pages of a translation, each counted."""

    name, label = "pages.translation", "Translation"
    agreed = (field("least_words", FieldForm.NUMBER, required=True, minimum=1, maximum=100_000),)
    handed = (field("where", FieldForm.TEXT, required=True),)
    rows = (
        HandedRows("pages", {"en": "Pages"}, {"en": "Page"}, least=1,
                   columns=(field("words", FieldForm.NUMBER, required=True, minimum=0),),
                   derived=(field("sheets", FieldForm.NUMBER),)),
    )  # fmt: skip

    def check_agreed(self, agreed):
        return {"least_words": ["Nobody translates that much."]} if agreed["least_words"] > 50_000 else {}

    def check(self, agreed, handed):
        return {f"pages-{n}-words": ["A page has words."] for n, r in enumerate(handed.rows["pages"]) if not r["words"]}

    def derive(self, rows, row):
        return {"sheets": row["words"] / 250}

    def judge(self, agreed, handed):
        words = sum(row["words"] for row in handed.rows["pages"])
        return Judgement(words >= agreed["least_words"], (("Words", str(words)),), ("The words were counted.",))

    def example(self):
        return {"least_words": 400}, Handed({"where": "in the folder"}, {"pages": [{"words": 500}]})


class TestFair(DeliverableConformance):
    strategy = Fair


class NoName(Fair):
    """Named like a strategy, without its plugin."""

    name = "translation"


class TestNoName(DeliverableConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(DeliverableConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"


class NoLabel(Fair):
    """Nobody knows what it is."""

    label = ""


class TestNoLabel(DeliverableConformance):
    strategy = NoLabel
    caught_by = "test_its_label_is_for_people"


class AgreedFile(Fair):
    """A file is agreed on before there is one."""

    agreed = (field("file", FieldForm.FILE),)


class TestAgreedFile(DeliverableConformance):
    strategy = AgreedFile
    caught_by = "test_core_takes_its_fields"


class HalfExample(Fair):
    """Its example leaves out what it requires."""

    def example(self):
        agreed, handed = super().example()
        return agreed, replace(handed, values={})


class TestHalfExample(DeliverableConformance):
    strategy = HalfExample
    caught_by = "test_its_example_fits_its_form"


class RefusedExample(Fair):
    """It refuses what it gives as an example."""

    def check(self, agreed, handed):
        return {"where": ["Not there."]}


class TestRefusedExample(DeliverableConformance):
    strategy = RefusedExample
    caught_by = "test_its_example_is_without_fault"


class UnmetExample(Fair):
    """Its example does not come up to its measure."""

    def example(self):
        return {"least_words": 900}, super().example()[1]


class TestUnmetExample(DeliverableConformance):
    strategy = UnmetExample
    caught_by = "test_its_example_is_met_where_there_is_a_measure"


class FaultNowhere(Fair):
    """It finds fault with a field that it does not have."""

    def check_agreed(self, agreed):
        return {"words": ["Too many."]} if agreed["least_words"] > 50_000 else {}


class TestFaultNowhere(DeliverableConformance):
    strategy = FaultNowhere
    caught_by = "test_a_fault_stands_at_a_field"


class Divides(Fair):
    """It breaks over a page without words that it let through."""

    def check(self, agreed, handed):
        return {}

    def judge(self, agreed, handed):
        return Judgement(all(1 / row["words"] for row in handed.rows["pages"]))


class TestDivides(DeliverableConformance):
    strategy = Divides
    caught_by = "test_what_is_without_fault_is_judged"


class OtherColumn(Fair):
    """It derives a column that nobody declared."""

    def derive(self, rows, row):
        return {"leaves": 1}


class TestOtherColumn(DeliverableConformance):
    strategy = OtherColumn
    caught_by = "test_derived_columns_are_those_declared"


class Dice(Fair):
    """It judges by lot."""

    def judge(self, agreed, handed):
        return Judgement(True, (("Luck", str(random.random())),))


class TestDice(DeliverableConformance):
    strategy = Dice
    caught_by = "test_the_same_delivery_gets_the_same_judgement"


class Writes(Fair):
    """It writes into what was handed over."""

    PAGES = ({"words": 500},)

    def judge(self, agreed, handed):
        handed.rows["pages"][0]["words"] += 1
        return Judgement(True)


class TestWrites(DeliverableConformance):
    strategy = Writes
    caught_by = "test_it_changes_nothing_that_it_is_given"
