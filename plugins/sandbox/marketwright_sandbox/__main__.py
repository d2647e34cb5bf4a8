"""``python -m marketwright_sandbox``: serve the payment page on an origin of its own, or list what was done."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from threading import Event

from marketwright_sandbox.alone import keep_delivering, make_app
from marketwright_sandbox.books import Books


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m marketwright_sandbox", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the folder of the books: var/plugins/sandbox")
    parser.add_argument("--port", type=int, default=8010, help="port on 127.0.0.1")
    parser.add_argument("--notify", "--webhook", default="", help="address that is told of every payment, signed")
    parser.add_argument("--late-seconds", type=int, default=20, help="how long a late payment takes")
    parser.add_argument("--effects", action="store_true", help="print every effect as JSON and stop")
    given = parser.parse_args(arguments)
    books = Books(given.folder, late_seconds=given.late_seconds)
    if given.effects:
        sys.stdout.write(json.dumps([asdict(e) for e in books.effects()], indent=1) + "\n")
        return 0
    if given.notify:
        keep_delivering(books, given.notify, Event())
    make_app(books).run(host="127.0.0.1", port=given.port, threaded=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
