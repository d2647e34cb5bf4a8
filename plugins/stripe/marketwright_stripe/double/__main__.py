"""``python -m marketwright_stripe.double --port 12111 --log double.sqlite``: a Stripe on this machine."""

import argparse
import signal
from pathlib import Path
from threading import Thread

from marketwright_stripe.double.events import Postman, add_endpoint
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.server import SILENCE, Double


def main() -> None:
    """Serve until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m marketwright_stripe.double", description=__doc__)
    parser.add_argument("--port", type=int, default=12111, help="port on 127.0.0.1, 0 for a free one")
    parser.add_argument("--log", type=Path, default=Path("stripe-double.sqlite"), help="the file of the durable log")
    parser.add_argument("--key", default="sk_test_double", help="the secret key that callers must give")
    parser.add_argument("--webhook", default="", help="where signed messages go, for example http://…/in/stripe")
    parser.add_argument("--secret", default="whsec_double", help="what they are signed with; two, parted by a comma")
    parser.add_argument("--silence", type=float, default=SILENCE, help="seconds that a call hangs that times out")
    given = parser.parse_args()
    log = Log(given.log)
    if given.webhook and not any(e["url"] == given.webhook for e in log.all("webhook_endpoint", None)):
        for connect in (False, True):
            add_endpoint(log, given.webhook, given.secret, ["*"], connect=connect)
    try:
        double = Double(given.port, log, given.key, silence=given.silence)
    except OSError:
        raise SystemExit(1) from None
    Postman(log).start()
    signal.signal(signal.SIGTERM, lambda *_: Thread(target=double.shutdown).start())
    double.serve_forever()


if __name__ == "__main__":
    main()
