"""1,000 messages with contact details in every disguise, 1,000 that only look like it: what is found (S54)."""

import random
from collections import Counter

import pytest

from marketwright.features.messaging.leaks import find_leaks

SEED, EACH = 54, 1000
RECALL, PRECISION = 0.97, 0.98
NAMES = ("claire.morin", "j.okafor", "lea_dumas", "tom.ferrier", "noor-haddad", "a.lindqvist")
HOSTS = ("exemple.fr", "example.com", "assurances-exemple.eu", "mail.example.org", "cabinet.exemple.paris")
FRAMES = (
    "{}", "You can reach me at {} this week.", "Le plus simple : {}", "({})", "Bonjour, voici {} pour la suite.",
    "I am free on Monday.\n{}\nThanks", "{}, merci", "Budget 780 € a day; {}", "Voir mon profil, ou {}.",
)  # fmt: skip
DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"),
}
ALIKE = str.maketrans("aeoc", "аеос")  # Cyrillic
THIN = ("\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad")


def email(draw):
    name, host = draw.choice(NAMES), draw.choice(HOSTS)
    at = draw.choice((" at ", " arobase ", "(at)", "[at]", " {at} ", " (arobase) "))
    dot = draw.choice((".", " dot ", " point ", "(dot)", "[point]"))
    return draw.choice((
        ("plain", f"{name}@{host}"), ("capitals", f"{name}@{host}".upper()), ("spaced", f"{name} @ {host}"),
        ("wide", f"{name}＠{host}"), ("in words", f"{name}{at}{host.replace('.', dot)}"),
        ("thin space", f"{name}{draw.choice(THIN)}@{draw.choice(THIN)}{host}"),
        ("look-alike", f"{name}@{host}".translate(ALIKE)), ("tagged", f"{name}+work@{host}"),
        ("in a link", f"https://www.example.org/contact?to={name}@{host}"), ("mailto", f"mailto:{name}@{host}"),
    ))  # fmt: skip


def phone(draw):
    tail = [draw.randint(0, 9) for _ in range(8)]
    tail[0] = (tail[1] + 1) % 10  # not the same digit eight times
    digits = [0, draw.choice((6, 7)), *tail]
    pairs = ["".join(map(str, digits[i : i + 2])) for i in range(0, 10, 2)]
    words = DIGITS[draw.choice(("en", "fr"))]
    return draw.choice(
        (
            ("pairs", draw.choice(" .-").join(pairs)),
            ("run", "".join(pairs)),
            ("single digits", " ".join(map(str, digits))),
            ("country", "+33 " + " ".join([pairs[0][1], *pairs[1:]])),
            ("00", "0033" + "".join(pairs)[1:]),
            ("in words", " ".join(words[d] for d in digits)),
            ("thin space", draw.choice(THIN).join(pairs)),
            ("wide digits", " ".join(pairs).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})),
            ("Germany", f"+49 170 {''.join(map(str, tail[:7]))}"),
            ("London", f"020 79{pairs[2]} {pairs[3]}{pairs[4]}"),
        )
    )


def handle(draw):
    name = draw.choice(NAMES).replace("-", "_") + str(draw.randint(2, 99))
    app = draw.choice(("WhatsApp", "Telegram", "Signal", "Skype", "Discord"))
    return draw.choice((
        ("app", f"{app}: {name}"), ("app and at", f"my {app} is @{name}"), ("at", f"@{name}"),
        ("chat link", f"https://wa.me/336{draw.randint(10_000_000, 99_999_999)}"), ("chat", f"t.me/{name}"),
        ("network", f"https://www.linkedin.com/in/{name}"), ("asked", f"add me on {app}"), ("demandé", f"sur {app}"),
        ("diary", f"calendly.com/{name}/30min"), ("thin space", f"t.me/{draw.choice(THIN)}{name}"),
    ))  # fmt: skip


def harmless(draw):
    n = draw.randint
    return draw.choice(
        (
            f"The range is 10.{n(0, 255)}.{n(0, 255)}.0/24, gateway 10.{n(0, 255)}.0.1:8443.",
            f"CVE-20{n(10, 26)}-{n(1000, 99999)} scores {n(4, 9)}.{n(0, 9)}.",
            f"From 2026-0{n(1, 9)}-1{n(0, 9)} to 1{n(0, 9)}/0{n(1, 9)}/2026.",
            f"SIREN {n(100, 999)} {n(100, 999)} {n(100, 999)}",
            f"TVA FR{n(10, 99)}{n(100_000_000, 999_999_999)}",
            f"{n(2, 40)} jours à {n(4, 12)}80,00 €, soit {n(10, 99)} {n(100, 999)},00 € hors taxes.",
            f"Commit {n(1, 9):x}{n(16**6, 16**7):x} of git@git.example.org:team/app.git",
            f"Invoice n° 2026-{n(1000, 9999)}",
            f"Join https://meet.google.com/abc-{n(1000, 9999)}-xyz at {n(8, 17)}:30.",
            f"Python 3.{n(9, 14)}, Django {n(3, 5)}.{n(0, 2)}.{n(0, 20)}",
            f"See https://docs.example.org/guide/{n(1, 99)}#part-{n(1, 9)}",
            f"Port {n(1024, 65535)} answers in {n(2, 90)} ms.",
            f"We meet at the office at {n(8, 18)}h, point final.",
            f"IPv6 2001:db8:{n(1, 9999):x}::{n(1, 9999):x}",
            f"The decorator @property and @dataclass in version {n(1, 9)}.{n(0, 99)}.",
            f"PO {n(4_500_000_000, 4_599_999_999)}",
            f"I know signal processing and matrix algebra, {n(2, 20)} years.",
            f"AS{n(1000, 65000)} announces the prefix.",
            f"ISO 27001, NIST SP 800-{n(30, 190)}, RFC {n(1000, 9999)}",
            f"sha256:{n(16**20, 16**21):x}",
        )
    )


@pytest.fixture(scope="module")
def measured():
    """(share found of what leaks, share of what was found that leaks, missed by disguise, wrongly found)."""
    draw, missed, found = random.Random(SEED), Counter(), 0
    for _ in range(EACH):
        kind, make = draw.choice((("e-mail", email), ("phone", phone), ("handle", handle)))
        disguise, words = make(draw)
        if find_leaks(draw.choice(FRAMES).format(words)):
            found += 1
        else:
            missed[f"{kind}, {disguise}"] += 1
    wrong = [text for text in (harmless(draw) for _ in range(EACH)) if find_leaks(text)]
    recall, precision = found / EACH, found / (found + len(wrong))
    print(f"\nleaks: recall {recall:.3f}, precision {precision:.3f}; missed {dict(missed)}; wrong {wrong[:5]}")  # noqa: T201
    return recall, precision, missed, wrong


def test_nearly_every_disguised_contact_detail_is_seen(measured):
    recall, _, missed, _ = measured
    assert recall >= RECALL, missed.most_common()


def test_what_only_looks_like_one_is_nearly_always_left_alone(measured):
    _, precision, _, wrong = measured
    assert precision >= PRECISION, wrong[:20]
