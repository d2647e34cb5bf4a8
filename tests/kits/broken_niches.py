"""Niche packs, each broken on purpose in one way, and one that is not."""

import csv
import json
import tempfile
from pathlib import Path
from types import ModuleType

from marketwright.plugin import (
    Action,
    Assessment,
    Criterion,
    Field,
    FieldForm,
    HoldState,
    Manifest,
    Process,
    Role,
    State,
    Taxonomy,
    Transition,
)
from marketwright.testing import NichePackConformance

PLACE = Path(tempfile.mkdtemp(prefix="broken-niches-"))
BIND = Field("mission", "binding", FieldForm.CHOICE, {"en": "Binding", "fr": "Reliure"}, required=True,
             choices=(("sewn", {"en": "Sewn", "fr": "Cousue"}),))  # fmt: skip
COURSE = Process(
    name="binding", version=1, label="Binding", summary="A book is bound.", holds=False, start="open",
    states=(State("open", "Open", Role.CLIENT, "Wait", hold=HoldState.NONE),
            State("bound", "Bound", Role.CLIENT, "", hold=HoldState.NONE, end=True)),
    transitions=(Transition("bind", "Bind", "open", "bound", Role.CLIENT, actions=(Action.NOTIFY,)),),
)  # fmt: skip


class Marked:
    """A check that assessors mark."""

    assessment = Assessment("Bind a book.", (Criterion("a", "Straight", ((0, "No"), (5, "Yes"))),), 3, 2)


def pack(name, *, niche=True, words=("en", "fr"), spoil=lambda _demo, _rows: None):
    """A pack of bookbinding in a folder of its own; ``spoil`` changes its demo or its skills before they are kept."""
    place = PLACE / name
    rows = [{"key": f"s{n}", "label_en": f"Skill {n}", "label_fr": f"Savoir {n}", "alt_en": f"craft {n}",
             "alt_fr": f"métier {n}", "broader": "s0" if n else ""} for n in range(200)]  # fmt: skip
    said = ("en", "fr")
    demo = {
        "people/1": [{"key": f"p{n}", "language": said[n % 2], "bio": f"I bind books of kind {n} since year {n}",
                      "skills": [{"skill": f"s{n % 200}"}]} for n in range(300)],
        "missions": [{"key": f"m{n}", "language": said[n % 2], "description": f"Bind {n} books in {n} days please",
                      "must": ["s1"], "nice": [], "fields": {"binding": "sewn"}, "state": "open"} for n in range(60)],
        "organisations": [],
        "texts": {"assessments": {"assessors": [{}, {}, {}], "handed": [{"language": one} for one in said]}},
        "deals": [{"mission": "m1", "process": "binding", "steps": [{"way": "bind"}]}],
    }  # fmt: skip
    spoil(demo, rows)
    for path, what in demo.items():
        file = place / "demo" / f"{path}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(what), "utf-8")
    with (place / "skills.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (place / "vocabulary").mkdir()
    for language in words:
        (place / "vocabulary" / f"{language}.toml").write_text('[freelancer]\none = "binder"\n', "utf-8")
    made = ModuleType(f"marketwright_{name}")
    made.__file__ = str(place / "__init__.py")
    made.manifest = Manifest(name=name, summary="Bookbinding.", niche=niche)
    made.register_taxonomies = lambda settings: [Taxonomy(name, "Binding", place / "skills.csv")]
    made.register_fields = lambda settings: [BIND]
    made.register_processes = lambda settings: [COURSE]
    made.register_vetting_checks = lambda settings: [Marked]
    return made


class TestFair(NichePackConformance):
    plugin = pack("fair")


class TestNoNiche(NichePackConformance):
    plugin = pack("no_niche", niche=False)
    caught_by = "test_it_says_that_it_is_a_niche"


class TestSmall(NichePackConformance):
    plugin = pack("small", spoil=lambda _demo, rows: rows.pop())
    caught_by = "test_its_taxonomy_is_large_and_reads_in_both_languages"


class TestOneLanguage(NichePackConformance):
    plugin = pack("one_language", spoil=lambda _demo, rows: rows[7].update(label_fr=" "))
    caught_by = "test_its_taxonomy_is_large_and_reads_in_both_languages"


class TestOrphan(NichePackConformance):
    plugin = pack("orphan", spoil=lambda _demo, rows: rows[7].update(broader="s999"))
    caught_by = "test_its_taxonomy_comes_in_without_a_fault"


class TestFlat(NichePackConformance):
    plugin = pack("flat", spoil=lambda _demo, rows: [r.update(broader="") for r in rows])
    caught_by = "test_its_skills_are_found_by_other_names_and_stand_below_broader_ones"


class TestSpeechless(NichePackConformance):
    plugin = pack("speechless", words=("en",))
    caught_by = "test_it_says_in_each_language_what_a_freelancer_is_called"


class TestFew(NichePackConformance):
    plugin = pack("few", spoil=lambda demo, _rows: demo["missions"].pop())
    caught_by = "test_its_demo_has_people_and_missions_in_both_languages"


class TestEnglish(NichePackConformance):
    plugin = pack("english", spoil=lambda demo, _rows: [p.update(language="en") for p in demo["people/1"]])
    caught_by = "test_its_demo_has_people_and_missions_in_both_languages"


class TestForeignSkill(NichePackConformance):
    plugin = pack("foreign_skill", spoil=lambda demo, _rows: demo["missions"][3].update(must=["welding"]))
    caught_by = "test_its_demo_uses_skills_of_its_own_taxonomy"


class TestUnanswered(NichePackConformance):
    plugin = pack("unanswered", spoil=lambda demo, _rows: demo["missions"][3].update(fields={}))
    caught_by = "test_its_demo_answers_what_its_fields_ask_and_nothing_else"


class TestStrangeField(NichePackConformance):
    plugin = pack("strange_field", spoil=lambda demo, _rows: demo["people/1"][3].update(fields={"glue": "fish"}))
    caught_by = "test_its_demo_answers_what_its_fields_ask_and_nothing_else"


class TestCopied(NichePackConformance):
    plugin = pack("copied", spoil=lambda demo, _rows: demo["people/1"][3].update(bio=demo["people/1"][4]["bio"]))
    caught_by = "test_no_two_texts_of_its_demo_say_the_same"


class TestLostWay(NichePackConformance):
    plugin = pack("lost_way", spoil=lambda demo, _rows: demo["deals"][0].update(steps=[{"way": "burn"}]))
    caught_by = "test_its_deals_are_told_on_its_own_course"


class TestNoThird(NichePackConformance):
    plugin = pack("no_third", spoil=lambda demo, _rows: demo["texts"]["assessments"]["assessors"].pop())
    caught_by = "test_works_to_be_assessed_stand_in_its_demo"
