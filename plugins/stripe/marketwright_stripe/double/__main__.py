"""``python -m marketwright_stripe.double --port 12111 --log double.sqlite``: a Stripe on this machine."""

import argparse
import signal
from pathlib import Path
from threading import Thread

import click

from marketwright_stripe.double.events import Postman, add_endpoint
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.server import SILENCE, Double
from marketwright_stripe.events import CONNECTED, EVENTS

UNASKED = ("charge.succeeded", "payout.created")  # told as well, though no marketwright has use for them
DRILL_SECRET = "whsec_double"  # noqa: S105  signs messages of the double, which hold nothing


def main() -> None:
    """Serve until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m marketwright_stripe.double", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="port on 127.0.0.1, 0 for a free one")
    parser.add_argument("--log", type=Path, default=Path("stripe-double.sqlite"), help="the file of the durable log")
    parser.add_argument("--folder", type=Path, help="a folder for the log, instead of --log")
    parser.add_argument("--key", default="sk_test_double", help="the secret key that callers must give")
    parser.add_argument("--webhook", default="", help="where signed messages go, for example http://…/in/stripe")
    parser.add_argument("--secret", default=DRILL_SECRET, help="what they are signed with; two, parted by a comma")
    parser.add_argument("--silence", type=float, default=SILENCE, help="seconds that a call hangs that times out")
    given = parser.parse_args()
    log = given.folder / "double.sqlite" if given.folder else given.log
    serve(port=given.port, log=log, key=given.key, webhook=given.webhook, secret=given.secret,
          silence=given.silence)  # fmt: skip


def serve(
    *, port: int, log: Path, key: str = "sk_test_double", webhook: str = "", secret: str = DRILL_SECRET,
    silence: float = SILENCE,
) -> None:  # fmt: skip
    """Serve until it is told to stop; one line and exit code 1 where the port is taken."""
    kept = Log(log)
    kept.set("drill_key", key)
    kept.set("drill_secret", secret)
    if webhook and not any(e["url"] == webhook for e in kept.all("webhook_endpoint", None)):
        for connect, wanted in ((False, EVENTS), (True, CONNECTED)):
            add_endpoint(kept, webhook, secret, [*wanted, *UNASKED], connect=connect)
    try:
        double = Double(port, kept, key, silence=silence)
    except (OSError, OverflowError) as error:
        click.echo(f"Port {port} cannot be used: {getattr(error, 'strerror', None) or error}.", err=True)
        raise SystemExit(1) from None
    Postman(kept).start()
    signal.signal(signal.SIGTERM, lambda *_: Thread(target=double.shutdown).start())
    click.echo(f"A double of Stripe answers at {double.base}, its log is {log}.")
    double.serve_forever()


if __name__ == "__main__":
    main()
