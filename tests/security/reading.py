"""Pages read as a browser reads them: what would run, and what is shown."""

import re
from html.parser import HTMLParser

ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcset"}


class Reader(HTMLParser):
    """Notes what would run: handlers, scripts without a nonce, addresses that are programs, foreign frames."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.runs, self.shown = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        own = tag == "iframe" and (given.get("src") or "").startswith("/") and "hit(" not in (given.get("src") or "")
        if not own and tag in {"iframe", "object", "embed", "base", "math", "marquee", "applet"}:
            self.runs.append(f"<{tag}>")
        if tag == "script" and not (given.get("nonce") or (given.get("src") or "").startswith("/")):
            self.runs.append("<script>")
        if tag == "meta" and "http-equiv" in given and "hit(" in (given.get("content") or ""):
            self.runs.append("<meta>")
        for name, value in attrs:
            self.shown.append(value or "")
            plain = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or name == "srcdoc" or (name == "style" and "hit(" in plain):
                self.runs.append(f"{name}={value}")
            if name in ADDRESSES and plain.startswith(("javascript:", "vbscript:", "data:text")):
                self.runs.append(f"{name}={value}")

    def handle_data(self, data):
        self.shown.append(data)


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


def numbers(text):
    return set(re.findall(r"hit\((\d+)\)", text))
