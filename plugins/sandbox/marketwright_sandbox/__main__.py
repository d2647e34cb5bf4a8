"""``python -m marketwright_sandbox``: serve the payment page on an origin of its own, or list what was done."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from threading import Event

from marketwright_sandbox.alone import keep_delivering, make_app
from marketwright_sandbox.books import Books
from marketwright_sandbox.deeds import DEEDS, Deeds
from marketwright_sandbox.faults import Faults
from marketwright_sandbox.telling import ORDERS, tell


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m marketwright_sandbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the folder of the books: var/plugins/sandbox")
    parser.add_argument("--port", type=int, default=8010, help="port on 127.0.0.1")
    parser.add_argument("--notify", "--webhook", default="", help="address that is told of every payment, signed")
    parser.add_argument("--late-seconds", type=int, default=20, help="how long a late payment takes")
    parser.add_argument("--effects", action="store_true", help="print every effect as JSON and stop")
    parser.add_argument("--do", nargs="+", metavar=("DEED", "KEY"), help=f"make something happen: {', '.join(DEEDS)}")
    parser.add_argument("--amount", type=int, default=0, help="of --do, in minor units; 0 is all of it")
    parser.add_argument("--currency", default="", help="of --do, where it is about no payment")
    parser.add_argument("--fault", nargs=2, metavar=("CALL", "FAULT"), help="have the next call go wrong")
    parser.add_argument("--tell", default="", help="send the messages that wait to this address, and stop")
    parser.add_argument("--order", choices=ORDERS, default=ORDERS[0], help="of --tell")
    parser.add_argument("--twice", action="store_true", help="of --tell: every message two times")
    given = parser.parse_args(arguments)
    books = Books(given.folder, late_seconds=given.late_seconds)
    if given.effects:
        sys.stdout.write(json.dumps([asdict(e) for e in books.effects()], indent=1) + "\n")
        return 0
    if given.do or given.fault or given.tell:
        return _once(books, given)
    if given.notify:
        keep_delivering(books, given.notify, Event())
    make_app(books, given.notify).run(host="127.0.0.1", port=given.port, threaded=True)
    return 0


def _once(books: Books, given: argparse.Namespace) -> int:
    """Do one thing to the books of a running marketplace, and say what came of it."""
    try:
        if given.do:
            deed, key = given.do[0], (given.do[1] if len(given.do) > 1 else "")
            said = Deeds(books).do(deed, key, amount=given.amount, currency=given.currency)
        elif given.fault:
            Faults(books.folder).add(given.fault[0], given.fault[1], 1)
            said = f"the next {given.fault[0]}: {given.fault[1]}"
        else:
            said = f"{tell(books, given.tell, order=given.order, twice=given.twice)} messages taken"
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(said + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
