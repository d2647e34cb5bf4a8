"""Contact details are seen where they are, and not where they are not."""

import pytest

from marketwright.features.messaging.leaks import LeakKind, find_leaks

EMAILS = [
    "Write to me at claire.morin@assurances-exemple.fr please",
    "claire.morin+missions@example.co.uk",
    "Mon adresse : CLAIRE@EXEMPLE.FR.",
    "claire (at) exemple (dot) fr",
    "claire[at]exemple[dot]com",
    "claire arobase exemple point fr",
    "claire at exemple dot com",
    "claire.morin @ exemple.fr",
    "claire{at}exemple.fr",
    "see https://example.org/contact?to=claire@exemple.fr",
    "claire.morin＠exemple.fr",
    "mailto:claire@exemple.fr",
    "claire point morin arobase exemple point fr",
]
PHONES = [
    "06 12 34 56 78",
    "0612345678",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "+33 6 12 34 56 78",
    "+33 (0)6 12 34 56 78",
    "0033 6 12 34 56 78",
    "Call me on +44 7911 123456 tomorrow",
    "+49 170 1234567",
    "mon portable est le 06 12 34 56 78.",
    "0 6 1 2 3 4 5 6 7 8",
    "zéro six un deux trois quatre cinq six sept huit",
    "zero six one two three four five six seven eight",
    "tel: 01 44 55 66 77",
    "joignable au 612345678",
    "020 7946 0958",
]
HANDLES = [
    "add me on Telegram",
    "my WhatsApp is claire_m92",
    "telegram: @clairemorin",
    "Skype : claire.morin_75",
    "@clairemorin",
    "https://wa.me/33612345678",
    "t.me/clairemorin",
    "https://www.linkedin.com/in/claire-morin",
    "contactez-moi sur Signal",
    "discord.gg/abcdef",
    "ajoutez-moi sur WhatsApp",
    "calendly.com/claire/30min",
]
NOTHING = [
    "",
    "We can start on 2026-06-08 and deliver by 12/07/2026.",
    "Le forfait est de 9 360,00 € hors taxes, soit 12 jours à 780 €.",
    "Our range is 10.0.0.0/8 and the jump host is 10.12.34.56:8443.",
    "IPv6: 2001:db8:85a3::8a2e:370:7334",
    "The finding is CVE-2024-12345, CVSS 9.8.",
    "Certified ISO/IEC 27001:2022 and ISO 22301.",
    "SIREN 404 833 048, SIRET 404 833 048 00022",
    "TVA FR83404833048",
    "VAT number FR 83 404 833 048",
    "Join here: https://meet.google.com/abc-defg-hij",
    "https://us02web.zoom.us/j/81234567890?pwd=x0612345678",
    "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0",
    "https://whereby.com/claire-room and https://meet.jit.si/Room0612345678",
    "git clone git@github.com:example/project.git",
    "See https://owasp.org/www-project-top-ten/ and https://www.ssi.gouv.fr/guide/",
    "Version 10.15.7 on 4096 bits, port 8080, 65535 hosts",
    "Tests from 09:00 to 17:00, 5 days a week, 3 sites, 1 200 machines.",
    "Report at the latest on 15.06.2026 at 18:00.",
    "I looked at the decorator @property and the scope @media in the code.",
    "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "Kerberos delegation on the domain, signal processing, and a matrix of rights.",
    "Our purchase order 4500123456 will follow.",
    "We meet at point B, at the latest at noon.",
    "Let us look at the logs at first. Point two will follow.",
    "Budget: 12 000 to 15 000 EUR for 20 days between 01/06/2026 and 30/06/2026",
    "AS 64512, VLAN 100 200 300 400, ports 20 21 22 25 53 80 110 143 443",
    "nine times out of ten, one or two findings",
]


def kinds(text):
    return {leak.kind for leak in find_leaks(text)}


@pytest.mark.parametrize("text", EMAILS)
def test_an_email_address_is_seen(text):
    assert LeakKind.EMAIL in kinds(text)


@pytest.mark.parametrize("text", PHONES)
def test_a_phone_number_is_seen(text):
    assert LeakKind.PHONE in kinds(text)


@pytest.mark.parametrize("text", HANDLES)
def test_a_handle_or_another_messenger_is_seen(text):
    assert LeakKind.HANDLE in kinds(text)


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_contact_detail_is_left_alone(text):
    assert find_leaks(text) == ()


def test_the_words_are_shown_as_they_were_written():
    assert [leak.words for leak in find_leaks("Call 06 12 34 56 78 or write to A@Exemple.fr")] == [
        "A@Exemple.fr", "06 12 34 56 78",
    ]  # fmt: skip


def test_a_detail_that_stands_twice_is_told_once():
    assert len(find_leaks("a@exemple.fr, again: A@exemple.fr")) == 1


def test_a_meeting_link_does_not_hide_the_number_beside_it():
    assert kinds("https://meet.google.com/abc-defg-hij or 06 12 34 56 78") == {LeakKind.PHONE}


def test_a_long_text_is_read_at_once():
    text = ("We audit 10.0.0.1, then a at b, then 1 2 3 4 and so on. " * 2000)[:60_000]
    assert find_leaks(text) == ()
