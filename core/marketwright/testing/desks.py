"""A desk for a plugin alone: no marketplace stands behind it, its clock stands until it is moved."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marketwright.hooks.desk import Desk, NoActions
from marketwright.hooks.http import Transport
from marketwright.hooks.installed import hosts_of
from marketwright.hooks.manifest import Manifest
from marketwright.kernel.time import Clock, FrozenClock

FakeClock = FrozenClock
MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def make_desk(
    manifest: Manifest, settings: Mapping[str, Any], folder: Path, *, clock: Clock | None = None, stage: str = "test",
    currency: str = "EUR", http: Transport | None = None,
) -> Desk:  # fmt: skip
    """The desk of ``manifest`` with checked ``settings``, its own ``folder``, and a value for each declared secret.

    ``http`` answers its calls (:class:`~marketwright.testing.http.FakeHttp`); without it they go out for real.
    """
    return Desk(
        plugin=manifest.name, settings=settings, clock=clock or FrozenClock(MONDAY), folder_path=folder,
        secret_values={name: f"secret-of-{name.lower()}" for name in manifest.secrets}, acts=manifest.acts,
        base_url="http://marketplace.test", stage=stage, currency=currency, port=NoActions(),
        reads=manifest.reads, personal_data=manifest.personal_data, hosts=hosts_of(manifest, settings), transport=http,
    )  # fmt: skip
