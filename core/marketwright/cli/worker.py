"""``marketwright worker``."""

import signal
from threading import Event

import click

from marketwright.cli.shared import open_current


@click.command("worker")
@click.option("--once", is_flag=True, help="Run what is due now, then stop.")
@click.option("--safe", is_flag=True, help="Start with core and its own plugins alone.")
@click.pass_context
def command(ctx: click.Context, *, once: bool, safe: bool) -> None:
    """Run jobs until stopped: payments, mails, timers."""
    from marketwright.app import create_app
    from marketwright.running import running
    from marketwright.store.presence import present

    house = open_current(ctx, safe=safe)
    ctx.with_resource(present(house.marketplace.var))
    app = create_app(house.marketplace, house)
    if once:
        with app.app_context():
            house.worker.tick()
            click.echo(f"{house.worker.drain()} jobs run.")
        return
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"The worker of {house.marketplace.name} is at work; stop it with Ctrl-C.")
    running(app).work(stop)
