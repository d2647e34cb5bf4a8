"""``marketwright run [--with-worker]``."""

import errno
import logging
import signal
import socket
import sys
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from marketwright.cli.handles import connections
from marketwright.cli.memory import give_back, read_ahead, settle
from marketwright.cli.shared import open_current

if TYPE_CHECKING:
    from flask import Flask

    from marketwright.settings.marketplace import Marketplace

KEY_LENGTH = 32


PORTS = 65_535


@click.command("run")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, PORTS))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
@click.option("--with-worker", is_flag=True, help="Run the jobs in this process too.")
@click.option("--safe", is_flag=True, help="Start with core and its own plugins alone.")
@click.pass_context
def command(ctx: click.Context, *, host: str, port: int, threads: int, with_worker: bool, safe: bool) -> None:
    """Serve the site until stopped."""
    refuse_taken(host, port)
    give_back()
    from waitress.server import create_server

    from marketwright.app import create_app
    from marketwright.store.identity import begin
    from marketwright.store.presence import present

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    house = open_current(ctx, safe=safe)
    refuse_open_doors(house.marketplace)
    begin(house.database, house.marketplace)
    ctx.with_resource(present(house.marketplace.var))
    app = create_app(house.marketplace, house)
    server: Any = create_server(
        app, host=host, port=port, threads=threads, ident=None, connection_limit=connections(), channel_timeout=60,
        asyncore_use_poll=True,
    )  # fmt: skip
    settle()
    read_ahead(_large(house.marketplace))
    stop, workers = Event(), []
    if with_worker:
        workers.append(Thread(target=_work, args=(app, stop), name="worker", daemon=True))
        workers[0].start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker = " with its worker" if with_worker else ""
    click.echo(f"{house.marketplace.name} answers at http://{host}:{port}{worker}.")
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        click.echo("Stopping.")
    finally:
        stop.set()
        for thread in workers:
            thread.join(timeout=10)
        server.close()
        house.database.dispose()


def _large(marketplace: "Marketplace") -> list[Path]:
    """The files that pages of lists are read from: a database of SQLite, and the index."""
    from sqlalchemy.engine import make_url

    url = make_url(marketplace.database_url)
    own = [Path(url.database)] if url.get_backend_name() == "sqlite" and url.database else []
    return [*own, *(marketplace.var / "index").glob("*.index")]


def _work(app: "Flask", stop: Event) -> None:
    from marketwright.running import running

    running(app).work(stop)


def refuse_open_doors(marketplace: "Marketplace") -> None:
    """Do not serve a test stage on a host name of its own with the key that is printed in the source.

    Whoever knows that key signs in as anybody, the administrator among them.
    """
    from marketwright.kernel.errors import BadSetting
    from marketwright.settings.marketplace import Stage

    host = urlsplit(marketplace.base_url).hostname or ""
    here = host in ("localhost", "127.0.0.1", "::1", "0.0.0.0") or host.endswith(".localhost")  # noqa: S104  a name
    if marketplace.stage is Stage.TEST and not here and len(marketplace.secret_key) < KEY_LENGTH:
        raise BadSetting(
            f"a test stage at {host} needs a secret of {KEY_LENGTH} characters: without one, anybody signs in as you.",
            where="environment: MARKETWRIGHT_SECRET_KEY",
            fix="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'.",
        )


def refuse_taken(host: str, port: int) -> None:
    """End the command with a line where another process listens on ``port``, or nobody may."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            free = f"Choose another one: --port {port + 1}" if port < PORTS else "Choose another one."
            said = (f"port {port} of {host} is in use. {free}" if error.errno == errno.EADDRINUSE else
                    f"the site cannot listen on port {port} of {host}: {error.strerror}.")  # fmt: skip
            click.echo(f"Error: {said}", err=True)
            raise SystemExit(1) from None
