"""The authorisation to test: what the written permission of a system's owner must say."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.plugin import SlotFill

AUTHORISATION = "cybersecurity.authorisation_to_test"


class WhatToHandIn(SlotFill):
    """Says above the form what an authorisation must name, so that it need not be asked for twice."""

    slot = "contract.condition"
    template = "cybersecurity/authorisation.html"

    def fill(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Beside the authorisation alone; other conditions show nothing."""
        return {AUTHORISATION: {}} if AUTHORISATION in ids else {}
