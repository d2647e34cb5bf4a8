"""What the ledger says of an entry by hand: who stood behind it, and the reason as it was written."""

from marketwright.kernel.text import N_

_PLACE = "%(reason)s"
_BY_TWO, _ALONE = N_("By two people: %(reason)s"), N_("By one person, after a day: %(reason)s")


def memo_of(reason: str, *, alone: bool) -> str:
    """The memo of an entry, in English as all of them."""
    return (_ALONE if alone else _BY_TWO).replace(_PLACE, reason)


def memo_parts(memo: str) -> tuple[str, str]:
    """The sentence that ``memo`` was made of, to be translated, and the reason in it; ('', memo) for another one."""
    for sentence in (_BY_TWO, _ALONE):
        head = sentence.removesuffix(_PLACE)
        if memo.startswith(head):
            return sentence, memo.removeprefix(head)
    return "", memo
