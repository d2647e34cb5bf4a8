"""What a notice can be about, and what can come of it, in plain words."""

from collections.abc import Mapping
from typing import Final

from marketwright.kernel.text import N_

KINDS: Final[Mapping[str, str]] = {
    "profile": N_("{Profile}"), "mission": N_("{Mission}"), "service": N_("Service"), "client": N_("{Client}"),
    "review": N_("Review"), "message": N_("Message"),
}  # fmt: skip
CATEGORIES: Final[Mapping[str, str]] = {
    "illegal": N_("Illegal content"),
    "fake": N_("Fake identity or CV"),
    "payment": N_("Asks to pay outside the marketplace"),
    "hate": N_("Insult, threat or hate"),
    "personal": N_("Somebody’s personal data"),
    "other": N_("Something else"),
}
KEPT, RESTRICTED = "kept", "restricted"
DECISIONS: Final[Mapping[str, str]] = {KEPT: N_("Nothing is wrong"), RESTRICTED: N_("Restricted")}
GROUNDS: Final[Mapping[str, str]] = {"law": N_("the law"), "terms": N_("our terms")}
EFFECTS: Final[Mapping[str, str]] = {  # what a restriction of each kind does, as its author reads it
    "profile": N_("It was taken off the lists. Its public page is closed."),
    "mission": N_("It was taken off and is a draft again. Change it, then ask to publish it."),
    "service": N_("It was taken off and is a draft again. Change it, then publish it again."),
    "client": N_("What you say of yourselves was taken off your page. You may write something else there."),
    "review": N_("It was taken off the pages and counts in no rating any more."),
    "message": N_("The other side no longer reads it, nor its files."),
}
