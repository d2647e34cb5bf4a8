"""What changing the settings asks of the running site, and of the rooms above."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy.orm import Session

from marketwright.features.overlay.queries import Stamp
from marketwright.hooks.manager import Plugins
from marketwright.kernel.text import Text
from marketwright.strategies.fields import Field


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


class InUse(Protocol):
    """Whether plugins can be taken off the list."""

    def __call__(self, session: Session, plugins: Plugins, gone: Sequence[str]) -> Mapping[str, list[Text]]:
        """What stands against it, by dotted key; empty where nothing does."""
        ...


class Fits(Protocol):
    """Whether the answers to the marketplace's own fields fit when its questions change and they do not."""

    def __call__(self, session: Session, before: Sequence[Field], after: Sequence[Field]) -> Mapping[str, list[Text]]:
        """What stands against it, by dotted key; empty where nothing does."""
        ...
