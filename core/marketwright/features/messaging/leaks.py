"""Contact details in a text, pointed out to whoever writes and never altered. Pure.

Before a first contract, taking a conversation elsewhere loses both sides the records and the protection they came for;
whether to do it is their choice. What looks technical (addresses of networks, versions, registration numbers, amounts,
dates) and links to meetings are no contact details.
"""

import re
import unicodedata
from enum import StrEnum

from marketwright.kernel.frozen import dataclass


class LeakKind(StrEnum):
    """What kind of contact detail it looks like."""

    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Leak:
    """One find: its kind and the words, without their disguise."""

    kind: LeakKind
    words: str


_MEETING = re.compile(
    r"https?://(?:[\w.-]+\.)?(?:meet\.google\.com|zoom\.us|zoom\.com|teams\.microsoft\.com|teams\.live\.com|"
    r"whereby\.com|meet\.jit\.si|jitsi\.[\w.-]+|webex\.com|meet\.[\w.-]+|visio\.[\w.-]+|bbb\.[\w.-]+)\S*",
    re.IGNORECASE,
)
_URL = re.compile(r"\bhttps?://\S+", re.IGNORECASE)
_SOCIAL = (
    r"wa\.me|api\.whatsapp\.com|chat\.whatsapp\.com|t\.me|telegram\.me|signal\.me|signal\.group|linkedin\.com/in|"
    r"discord\.gg|discord\.com/(?:invite|users)|join\.skype\.com|calendly\.com|cal\.com|m\.me|facebook\.com|"
    r"instagram\.com|threema\.id|matrix\.to"
)
_SOCIAL_LINK = re.compile(rf"(?:https?://)?(?:www\.|[a-z]{{2}}\.)?(?:{_SOCIAL})/[^\s,;)\]]+", re.IGNORECASE)

_TLD = r"(?:com|net|org|eu|fr|io|dev|de|ch|be|es|it|uk|nl|pt|pl|me|co|pro|info|tech|email|paris|cloud|ai|app|lu|ca)"
_AT = r"\s*(?:@|＠|[\(\[\{<]\s*(?:at|arobase|arobas|a|@)\s*[\)\]\}>]|\s(?:at|arobase|arobas)\s)\s*"
_DOT = r"\s*(?:\.|[\(\[\{<]\s*(?:dot|point|\.)\s*[\)\]\}>]|\s(?:dot|point)\s)\s*"
_PLAIN_EMAIL = re.compile(r"(?<![\w@/:.+-])[\w.+-]++\s?@\s?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?!:)", re.IGNORECASE)
_HIDDEN_EMAIL = re.compile(
    rf"(?<![\w@/:.+-])[\w+-]++(?:{_DOT}[\w+-]+){{0,6}}{_AT}[\w-]+(?:{_DOT}[\w-]+){{0,6}}{_DOT}{_TLD}\b", re.IGNORECASE
)
_GIT = re.compile(r"\bgit@[\w.-]+[:/]\S+", re.IGNORECASE)

_APPS = (
    r"whats?app|telegram|signal|skype|discord|threema|wechat|snapchat|instagram|insta|facebook|messenger|linkedin|"
    r"mastodon|matrix"
)
_APP_HANDLE = re.compile(
    rf"\b(?:{_APPS})\b\s*(?:id|handle|pseudo|name|is|est|:|=|-|–|,|\(|sous|as|under|at)*\s*"
    r"(?P<handle>@[\w.]{3,}|[\w.]*[\d_][\w.]{2,}|[a-z][\w.]{2,}\d{1,2}\b)",
    re.IGNORECASE,
)
_APP_ASKED = re.compile(
    rf"\b(?:on|via|sur|par|my|mon|using|add me on|ajoutez[- ]moi sur|contact me on|contactez[- ]moi sur|reach me on|"
    rf"join me on|rejoignez[- ]moi sur)\s+(?:le\s+|mon\s+|my\s+)?(?:{_APPS})\b",
    re.IGNORECASE,
)
_CODE = r"property|media|param|returns?|import|override|deprecated|staticmethod|classmethod|dataclass|pytest"
_AT_HANDLE = re.compile(rf"(?<![\w@/.:`])@(?!(?:{_CODE})\b)[A-Za-z][\w.]{{3,29}}\b(?![@/])")

_DIGIT_WORDS = {
    "zero": "0", "zéro": "0", "oh": "0", "un": "1", "une": "1", "one": "1", "deux": "2", "two": "2", "trois": "3",
    "three": "3", "quatre": "4", "four": "4", "cinq": "5", "five": "5", "six": "6", "sept": "7", "seven": "7",
    "huit": "8", "eight": "8", "neuf": "9", "nine": "9",
}  # fmt: skip
_SPELT = re.compile(
    r"\b(?:(?:" + "|".join(sorted(_DIGIT_WORDS, key=len, reverse=True)) + r"|\d)[\s.,/-]+){7,}(?:"
    + "|".join(sorted(_DIGIT_WORDS, key=len, reverse=True)) + r"|\d)\b", re.IGNORECASE,
)  # fmt: skip
_INTERNATIONAL = re.compile(
    r"(?<![\w+])(?:\+|00)\s?[1-9]\d{0,2}(?:[\s.\-/]?\(\d{1,4}\))?(?:[\s.\-/]?\d){6,12}(?!\d|[.,]\d)"
)
_NATIONAL = re.compile(r"(?<![\w.,+:/-])0[1-9](?:[\s.\-/]?\d{2}){4}(?![\d:]|[.,]\d)")
_NATIONAL_LOOSE = re.compile(r"(?<![\w.,+:/-])0(?:[\s.\-/]+\d){9}(?!\d)")
_UK_OR_DE = re.compile(r"(?<![\w.,+:/-])0\d{2,4}[\s/-]\d{3,4}[\s-]?\d{3,4}(?!\d|[.,]\d)")
_CALL = re.compile(
    r"\b(?:call|phone|ring|text|sms|tel|tél|téléphone|telephone|mobile|portable|appel\w*|joignable|whats?app|numéro|"
    r"number)\b[^\n\d+]{0,30}(?P<number>\+?\d(?:[\s.\-/()]?\d){7,13})",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(
    r"\b(?:siren|siret|rcs|tva|vat|iban|bic|cve|iso|rfc|nist|port|ticket|ref|réf|asn|as(?=\s?\d{4,6}\b)|sha\d*|imei|mac|uuid|"
    r"po|bdc|commande|order|facture|invoice|contrat|contract)\b(?:\s+(?:number|numéro|no|id))?[\s:n°#.-]*[A-Z]{0,4}[\s-]?[\d\s.:-]{4,}",
    re.IGNORECASE,
)


_THIN = dict.fromkeys(map(ord, "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0455\u0458\u0410\u0415\u041e\u0420\u0421\u0425\u041c\u0422"
    "\u041a\u0412\u041d\u0406\u03bf\u03b1\u03bd", "aeopcxyisjAEOPCXMTKBHIoav",
)  # fmt: skip
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)


def _undisguised(text: str) -> str:
    """``text`` without invisible characters, wide ones made plain, Cyrillic and Greek look-alikes read as Latin."""
    seen = unicodedata.normalize("NFKC", text.translate(_THIN))
    return seen.translate(_ALIKE) if _LATIN.search(seen) else seen


def find_leaks(text: str) -> tuple[Leak, ...]:
    """Contact details in ``text``, each once, e-mails first; empty where nothing looks like one."""
    rest = _GIT.sub(" ", _MEETING.sub(" ", _undisguised(text).replace("mailto:", " ")))
    found: dict[str, Leak] = {}
    rest = _take(found, LeakKind.HANDLE, rest, _SOCIAL_LINK)
    rest = _URL.sub(_only_userinfo, rest)
    rest = _take(found, LeakKind.EMAIL, rest, _PLAIN_EMAIL, _HIDDEN_EMAIL)
    rest = _take(found, LeakKind.HANDLE, rest, _APP_HANDLE)
    _take(found, LeakKind.HANDLE, rest, _AT_HANDLE)
    _take(found, LeakKind.HANDLE, rest, _APP_ASKED)
    rest = _TECHNICAL.sub(" ; ", rest)
    rest = _take(found, LeakKind.PHONE, rest, _CALL, group="number")
    _take(found, LeakKind.PHONE, rest, _INTERNATIONAL, _NATIONAL, _NATIONAL_LOOSE, _UK_OR_DE, _SPELT)
    order = list(LeakKind)
    return tuple(sorted(found.values(), key=lambda leak: order.index(leak.kind)))


def _only_userinfo(match: re.Match[str]) -> str:
    """A link to a page is no contact detail, an address hidden in one (mailto in a query) still is."""
    return " " + " ".join(re.findall(r"(?<![\w.+-])[\w.+-]++@[\w.-]+\.\w+", match[0])) + " "


def _take(
    found: dict[str, Leak], kind: LeakKind, text: str, *patterns: re.Pattern[str], group: str | int = 0
) -> str:
    """Add what ``patterns`` find to ``found``; returns ``text`` without it, so that nothing is found twice."""
    for pattern in patterns:
        for match in pattern.finditer(text):
            words = " ".join(match[group].split())
            if kind is not LeakKind.PHONE or _dialable(words):
                found.setdefault(words.lower(), Leak(kind, words))
        text = pattern.sub(" ; ", text)
    return text


def _dialable(words: str) -> bool:
    """Whether ``words`` hold as many digits as a telephone number has, and are no date."""
    spelt = re.sub(r"[^\W\d_]+", lambda m: _DIGIT_WORDS.get(m[0].lower(), ""), words)
    digits = re.sub(r"\D", "", spelt)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*|\d{1,2}[/.]\d{1,2}[/.]\d{4}.*", words.strip()):
        return False
    return 8 <= len(digits) <= 15 and len(set(digits)) > 1
