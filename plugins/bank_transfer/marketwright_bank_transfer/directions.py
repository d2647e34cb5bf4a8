"""Which way the money of a line went, where a bank says so in a column of words instead of by a sign. Pure."""

import unicodedata
from collections.abc import Collection, Mapping

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
    "sepa basislastschrift", "kartenzahlung", "dauerauftrag", "zahlungsausgang", "outgoing transfer", "transfer sent",
    "payment sent", "direct debit", "standing order", "card payment", "cash withdrawal", "bonifico disposto",
    "addebito diretto", "transferencia emitida", "adeudo directo",
)  # fmt: skip
# a column that has one of these in a word holds such types, in whatever words
_STEMS = (
    "virement recu", "virement emis", "prelevement", "lastschrift", "gutschrift", "zahlungseingang", "zahlungsausgang",
    "kartenzahlung", "dauerauftrag", "direct debit", "standing order", "card payment", "withdrawal", "incoming",
    "outgoing", "bonifico", "addebito", "transferencia recibida", "transferencia emitida", "adeudo", "incasso",
)  # fmt: skip
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
    if set(words) == {"-"} and "+" not in head and head.strip():
        return {}  # a stroke for nothing
    known = named(head, words)
    alone = len(words) == 1 and all(len(w) <= 2 for w in words) and OUT in known.values()
    if len(known) < len(words) or (alone and (head.strip() or "-" in words) and "+" not in head):
        raise ValueError(head)  # such as a country, or a sort of transfer
    return known


def types(words: Collection[str]) -> Mapping[str, int] | None:
    """What each of ``words`` says, where some of them are types of bookings; ``None`` where none is."""
    if not any(stem in w for w in words for stem in _STEMS):
        return None
    return {w: way for w in words if (way := _TYPES.get(w))}


def _letter(word: str, words: Collection[str], head: str) -> int:
    if word not in _TWO:
        return 0
    if {"af", "bij"} & {*words, *head.split()}:
        return OUT if word == "a" else IN
    return IN if word == "a" and {"d", "dare"} & set(words) else 0
