"""What changing the settings asks of the running site."""

from collections.abc import Mapping
from typing import Any, Protocol

from marketwright.features.overlay.queries import Stamp


class LiveSite(Protocol):
    """The site that follows its settings, in this process."""

    def try_out(self, values: Mapping[str, Any]) -> Any:
        """House and application with ``values`` over the file, built and not served; raises ``BadSetting``."""
        ...

    def adopt(self, candidate: Any, stamp: Stamp) -> None:
        """Serve ``candidate`` from the next request on."""
        ...

    def drop(self, candidate: Any) -> None:
        """Forget a candidate."""
        ...
