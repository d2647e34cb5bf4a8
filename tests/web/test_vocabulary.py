"""The operator's words: layers, refusals, and what a message makes of them."""

import pytest

from marketwright.kernel.errors import BadSetting, Conflict
from marketwright.kernel.terms import OWN, fill
from marketwright.kernel.text import say
from marketwright.web.i18n import Catalogues, gettext, ngettext, speaking
from marketwright.web.vocabulary import check_files, read_words, vocabulary

PENTESTER = '[freelancer]\none = "pentester"\nother = "pentesters"\na = "a pentester"\n'
EXPERTE = """[freelancer]
one = "experte"
other = "expertes"
un = "une experte"
le = "l’experte"
du = "de l’experte"
au = "à l’experte"
de = "d’experte"
gender = "f"
"""


def layer(folder, text, language="en"):
    folder.mkdir(exist_ok=True)
    (folder / f"{language}.toml").write_text(text, "utf-8")
    return folder


def test_the_last_layer_that_says_a_term_wins_and_leaves_the_others(tmp_path):
    first = layer(tmp_path / "a", PENTESTER + '\n[mission]\none = "job"\nother = "jobs"\na = "a job"\n')
    second = layer(tmp_path / "b", PENTESTER.replace("pentester", "hacker"))
    words = vocabulary([first, second], ["en"])["en"]
    assert fill("{Freelancer.a} took {mission.a}", words) == "A hacker took a job"


def test_the_overlay_lies_over_every_file(tmp_path):
    laid = {"en": {"freelancer": {"one": "tester", "other": "testers", "a": "a tester"}}}
    words = vocabulary([layer(tmp_path / "a", PENTESTER)], ["en"], laid)["en"]
    assert fill("{freelancer.other}", words) == "testers"


@pytest.mark.parametrize(("text", "where"), [
    (PENTESTER.replace('a = "a pentester"', ""), "freelancer.a"),
    (PENTESTER.replace("[freelancer]", "[freelanser]"), "freelanser"),
    (PENTESTER + 'plural = "x"\n', "freelancer.plural"),
    (PENTESTER.replace('"pentester"', '""'), "freelancer.one"),
    (PENTESTER.replace('"pentester"', '"<b>pentester</b>"'), "freelancer.one"),
    ('freelancer = "pentester"\n', "freelancer"),
])  # fmt: skip
def test_what_is_missing_or_unknown_is_named_with_its_file_and_key(tmp_path, text, where):
    folder = layer(tmp_path / "a", text)
    with pytest.raises(BadSetting) as refused:
        vocabulary([folder], ["en"])
    assert f"en.toml: {where}" in str(refused.value)


def test_a_broken_file_is_named(tmp_path):
    with pytest.raises(BadSetting, match=r"en\.toml.*not valid TOML"):
        vocabulary([layer(tmp_path / "a", "[freelancer\n")], ["en"])


def test_french_needs_its_articles_and_gender(tmp_path):
    with pytest.raises(BadSetting, match=r"freelancer\.gender"):
        read_words(layer(tmp_path / "a", EXPERTE.replace('gender = "f"', ""), "fr") / "fr.toml", "fr")


@pytest.mark.parametrize(("message", "said"), [
    ("{Freelancer.le} est {freelancer|choisi|choisie}", "L’experte est choisie"),
    ("{freelancer|ce|cette|cet} {freelancer}", "cette experte"),
    ("{freelancer|mon|ma|mon|mon} {freelancer}", "mon experte"),
    ("pas {freelancer.de_other}", "pas d’expertes"),
    ("l’argent {freelancer.du}, payé {freelancer.au}", "l’argent de l’experte, payé à l’experte"),
])  # fmt: skip
def test_french_agrees(tmp_path, message, said):
    words = vocabulary([layer(tmp_path / "a", EXPERTE, "fr")], ["fr"])["fr"]
    assert fill(message, words) == said


def test_what_is_no_term_stays_as_it_stands():
    assert fill("{n} left of [{...}] in {nothing.a} for {mission.datif}", OWN) == (
        "{n} left of [{...}] in {nothing.a} for {mission.datif}"
    )


def test_a_message_takes_the_words_of_its_catalogues(tmp_path):
    said = vocabulary([layer(tmp_path / "a", PENTESTER)], ["en"])
    with speaking("en", Catalogues((), said)):
        assert gettext("Hello {freelancer}, %(name)s", name="{freelancer}") == "Hello pentester, {freelancer}"
        assert ngettext("%(n)s {freelancer}", "%(n)s {freelancer.other}", 2) == "2 pentesters"


def test_a_refusal_reads_in_plain_english_in_a_log():
    assert str(Conflict("This {mission} takes nobody.")) == "This mission takes nobody."
    assert str(say("{Organisation.a} of %(name)s", name="{mission}")) == "An organisation of {mission}"


def test_a_translation_that_names_an_unknown_form_stops_the_start(tmp_path):
    (tmp_path / "fr.po").write_text('msgid "The {mission}"\nmsgstr "{mission.la}"\n', "utf-8")
    said = vocabulary([layer(tmp_path / "a", EXPERTE, "fr")], ["fr"])
    with pytest.raises(BadSetting, match=r"fr\.po, line 2"):
        check_files([tmp_path], said)
