"""Laying a desk before one plugin of one marketplace."""

import os
from collections.abc import Mapping
from typing import Any

from marketwright.features.desk.actions import HouseActions
from marketwright.features.desk.framing import HousePages
from marketwright.features.desk.jobs import HouseJobs
from marketwright.features.desk.queries import HouseQueries
from marketwright.features.inbox.queries import StoredMessages
from marketwright.hooks.desk import Desk
from marketwright.hooks.installed import hosts_of
from marketwright.hooks.manifest import Manifest
from marketwright.hooks.ports import DeskPorts
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.ports import Ports
from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.store.database import Database
from marketwright.store.plugins import HouseTables


def lay(
    marketplace: Marketplace, database: Database, ports: Ports, manifest: Manifest, settings: Mapping[str, Any]
) -> Desk:
    """The desk of a plugin; ``BadSetting`` for a secret that is not set on a live stage."""
    absent = [s for s in manifest.secrets if marketplace.stage is Stage.LIVE and s not in os.environ]
    if absent:
        raise BadSetting(f"the plugin {manifest.name!r} needs it.", where=f"environment: {absent[0]}")
    return Desk(
        plugin=manifest.name, settings=settings, clock=database.clock,
        folder_path=marketplace.var / "plugins" / manifest.name,
        secret_values={s: os.environ.get(s, "") for s in manifest.secrets}, acts=manifest.acts,
        base_url=marketplace.base_url, stage=str(marketplace.stage), currency=marketplace.currency,
        port=HouseActions(database, ports), reads=manifest.reads, personal_data=manifest.personal_data,
        hosts=hosts_of(manifest, settings),
        ports=DeskPorts(HouseQueries(database, ports), HouseJobs(database, ports), StoredMessages(database),
                        HouseTables(database), HousePages()),
        time_zone=marketplace.time_zone,
    )  # fmt: skip
