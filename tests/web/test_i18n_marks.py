"""How messages are set on a page: in French no line begins with a mark."""

import pytest

from marketwright.web.i18n import Catalogues, gettext, ngettext, speaking, translate, typeset


@pytest.mark.parametrize(("text", "shown"), [
    ("Lu par le client ; par vous aussi.", "Lu par le client\u00a0; par vous aussi."),
    ("Pourquoi ?", "Pourquoi\u00a0?"), ("Délai : %(days)s", "Délai\u00a0: %(days)s"),
    ("%(share)s %% de la part, soit 5 % ici", "%(share)s\u00a0%% de la part, soit 5\u00a0% ici"),
    ("Annule %(reason)s", "Annule %(reason)s"), ("Cherchez « audit » ici", "Cherchez «\u00a0audit\u00a0» ici"),
])  # fmt: skip
def test_a_french_mark_stays_with_its_word(text, shown):
    assert typeset("fr", text) == shown


@pytest.fixture
def french(tmp_path):
    lines = ('msgid "Why?"', 'msgstr "Pourquoi ?"', "", 'msgid "One!"', 'msgid_plural "%(n)s!"',
             'msgstr[0] "Un !"', 'msgstr[1] "%(n)s !"', "")  # fmt: skip
    (tmp_path / "fr.po").write_text("\n".join(lines), "utf-8")
    return Catalogues((tmp_path,))


def test_a_label_an_error_and_a_mail_are_set_as_a_page_is(french):
    with speaking("fr", french):
        assert (gettext("Why?"), translate("Why?"), ngettext("One!", "%(n)s!", 3)) == (
            "Pourquoi\u00a0?", "Pourquoi\u00a0?", "3\u00a0!",
        )  # fmt: skip


def test_english_is_set_as_it_is_written():
    assert typeset("en", "Why ? : ;") == "Why ? : ;"


def test_an_address_is_left_alone():
    assert typeset("fr", "/missions?q=x :note") == "/missions?q=x :note"
