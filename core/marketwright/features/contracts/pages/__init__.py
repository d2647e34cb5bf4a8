"""The pages of contracts: the list, one contract, its papers and signatures, its steps, its changes."""

from marketwright.features.contracts.pages import (
    amend,
    confidential,
    early,
    extend,
    extras,
    handed,
    lists,
    papers,
    paying,
    proofs,
    sending,
    show,
    signing,
    steps,
    timesheet,
)
from marketwright.features.contracts.pages.base import pages

__all__ = [
    "amend", "confidential", "early", "extend", "extras", "handed", "lists", "pages", "papers", "paying", "proofs",
    "sending", "show", "signing", "steps", "timesheet",
]  # fmt: skip
