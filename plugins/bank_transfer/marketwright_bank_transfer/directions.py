"""Which way the money of a line went, where a bank says so in a column of words instead of by a sign. Pure."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

IN, OUT = 1, -1
_IN = (
    "credit", "cr", "crdt", "c", "in", "incoming", "money in", "paid in", "deposit",
    "kredit", "k", "haben", "h", "gutschrift", "eingang", "einnahme", "bij",
    "avoir", "entree", "e", "encaissement", "versement",
    "credito", "haber", "abono", "ingreso", "entrada", "avere", "accredito", "entrata",
    "ma", "uznanie", "wpływ", "prijem", "prichozi", "uplata", "priliv", "jovairas", "kreditas", "kredits", "kreedit",
    "insattning", "ind", "inn", "indbetaling", "innbetaling", "inbetalning", "pano", "πιστωση", "кредит", "+",
)  # fmt: skip
_OUT = (
    "debit", "dr", "db", "dbit", "d", "out", "outgoing", "money out", "paid out", "withdrawal",
    "debet", "soll", "s", "belastung", "ausgang", "ausgabe", "af", "uit",
    "doit", "sortie", "decaissement", "retrait",
    "debito", "debe", "cargo", "adeudo", "salida", "saida", "dare", "addebito", "uscita",
    "wn", "winien", "obciazenie", "wydatek", "vydaj", "odchozi", "isplata", "odliv", "terheles", "debetas", "debets",
    "deebet", "uttag", "ut", "ud", "udbetaling", "utbetaling", "utbetalning", "otto", "χρεωση", "дебит", "-",
)  # fmt: skip
_TYPES_IN = (
    "virement recu", "virement sepa recu", "virement instantane recu", "virement entrant", "versement recu",
    "gutschrift", "sepa gutschrift", "uberweisungsgutschrift", "gutschrift uberweisung", "zahlungseingang",
    "incoming transfer", "transfer received", "payment received", "bonifico ricevuto", "transferencia recibida",
)  # fmt: skip
_TYPES_OUT = (
    "virement emis", "virement sepa emis", "virement instantane emis", "virement sortant", "prelevement",
    "prelevement sepa", "paiement par carte", "retrait dab", "lastschrift", "sepa lastschrift", "basislastschrift",
    "sepa basislastschrift", "kartenzahlung", "zahlungsausgang", "outgoing transfer", "transfer sent", "payment sent",
    "direct debit", "card payment", "cash withdrawal", "bonifico disposto", "addebito diretto", "transferencia emitida",
    "adeudo directo", "debit", "withdrawal", "retrait", "belastung", "addebito", "adeudo",
)  # fmt: skip
# parts of a type in whatever words; one with a space before and after it is a word of its own
_STEMS_IN = (
    "gutschr", "zahlungseingang", "geldeingang", "incoming", "accredito", "ricevuto", "recibid", " credit ",
    " credits ", " credito ", " recu ", " recus ", " recue ", " entrant ", " entrante ", " income ", " received ",
    " deposit ", " encaissement ", " ingreso ", " abono ", "bijschrijving",
)  # fmt: skip
_STEMS_OUT = (
    "lastschrift", "belastung", "zahlungsausgang", "kartenzahlung", "bargeldauszahlung", "prelevement",
    "outgoing transfer", "outgoing payment", "outgoing sepa", "outgoing bank", "outgoing faster", "outgoing instant",
    "outgoing wire", "withdrawal", "card payment", "card purchase", "paiement carte", "paiement cb",
    "paiement par carte", "achat carte", "addebito", "adeudo", "emitida", "afschrijving", "automatische incasso",
    "sepa incasso",
    " debit ", " debits ", " debito ", " emis ", " emise ", " sortant ", " sortante ", " retrait ", " sent ",
)  # fmt: skip
# of all these, what no payer writes of what they pay: several words, or a part of one
_HINTS = tuple(w for w in _TYPES_OUT if " " in w) + tuple(s for s in _STEMS_OUT if not s.startswith(" "))
# what was turned back, or collected from others, went the other way than the rest of the word says, or did not
_TURNED = (
    "ruck", "rueck", "storno", "einreich", "return", "retour", "rejet", "annul", "revers", "refund", "rembours",
    "extourne", "chargeback", "repayment", "echeance", "impaye", " remise ",
)  # fmt: skip
# types of bookings that go both ways
_EITHER = (
    "uberweisung", "ueberweisung", "ueberw ", "dauerauftrag", "umbuchung", "zahlung", "scheck", "transfer", "payment",
    "standing order", "virement", "cheque", "bonifico", "overschrijving", "incasso", "abschluss", "zinsen",
    " sepa ", " card ", " carte ", " wire ", " interest ", " other ", " sonstige", " autre",
)  # fmt: skip
_NO_CREDIT = {"credit transfer": "transfer", "credit card": "card", "carte de credit": "carte"}
_WORDS: Mapping[str, int] = {**dict.fromkeys(_IN, IN), **dict.fromkeys(_OUT, OUT)}
_TYPES: Mapping[str, int] = {**_WORDS, **dict.fromkeys(_TYPES_IN, IN), **dict.fromkeys(_TYPES_OUT, OUT)}
_TWO = frozenset({"a", "b"})  # Dutch af and bij; Italian avere, beside D for dare


def flat(word: str) -> str:
    """A word without case, accents and marks; a lone plus or minus stays."""
    folded = unicodedata.normalize("NFKD", word.casefold().replace("\u2212", "-").replace("\u2013", "-"))
    parted = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(parted.split()) or folded.strip()


def named(head: str, words: Collection[str]) -> Mapping[str, int]:
    """What each of ``words`` says (:data:`IN`, :data:`OUT`) under a head that is known to say which way money went."""
    return {w: way for w in words if (way := _WORDS.get(w) or _letter(w, words, flat(head)))}


def found(head: str, words: Collection[str]) -> Mapping[str, int]:
    """The same under any other head: {} where the column holds something else.

    Raises ``ValueError`` where it holds such words alone and cannot be understood.
    """
    if not words or any(w not in _WORDS and w not in _TWO for w in words) or set(words) == {"b"}:
        return {}
    if set(words) <= set(_TYPES_IN):
        return {}  # types of bookings, and none that went out
    if set(words) == {"-"} and "+" not in head and head.strip():
        return {}  # a stroke for nothing
    known = named(head, words)
    alone = len(words) == 1 and all(len(w) <= 2 for w in words) and OUT in known.values()
    if len(known) < len(words) or (alone and (head.strip() or "-" in words) and "+" not in head):
        raise ValueError(head)  # such as a country, or a sort of transfer
    return known


def types(words: Sequence[str]) -> Mapping[str, int]:
    """What each of the ``words`` of a column's lines says, where they are types of bookings and one says it went out.

    {} for any other column: of free text, or of credits alone, whose debits the bank would mark by a sign. An empty
    word is a line without a type, and says no more than that: it came in.
    """
    lines = Counter(w for w in words if w)
    says = {w: way for w in lines if (way := _type(w))}
    if OUT not in says.values():
        return {}
    filled = lines.total()
    known = sum(n for w, n in lines.items() if (w in says and w.count(" ") < 5) or _either(w))
    plain = any(way == OUT and (w in _TYPES_OUT or w.count(" ") < 2) and len(w) > 4 for w, way in says.items())
    if plain or (known * 5 >= filled * 4 and filled * 2 >= len(words)):
        return {**says, "": IN}
    return {}


def hints(text: str) -> bool:
    """Whether a free text begins, within its first four words, as banks call what went out. No more than a hint."""
    start = " ".join(flat(text).split()[:4])
    return _type(start) == OUT and any(words in start for words in _HINTS)


def _type(word: str) -> int:
    """Which way a type of booking went; 0 where it does not say, or says both."""
    if len(word) > 2 and word in _TYPES:
        return _TYPES[word]
    text = f" {word} "
    if any(stem in text for stem in _TURNED):
        return 0
    for phrase, instead in _NO_CREDIT.items():
        text = text.replace(phrase, instead)
    return IN * any(stem in text for stem in _STEMS_IN) + OUT * any(stem in text for stem in _STEMS_OUT)


def _either(word: str) -> bool:
    """Whether a word is a type of bookings that does not say the way, and no sentence."""
    return word.count(" ") < 3 and any(stem in f" {word} " for stem in (*_EITHER, *_STEMS_IN, *_STEMS_OUT))


def _letter(word: str, words: Collection[str], head: str) -> int:
    if word not in _TWO:
        return 0
    if {"af", "bij"} & {*words, *head.split()}:
        return OUT if word == "a" else IN
    return IN if word == "a" and {"d", "dare"} & set(words) else 0
