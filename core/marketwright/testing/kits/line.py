"""The line between a plugin and the service outside, with what goes wrong on it."""

from dataclasses import dataclass

from marketwright.hooks.http import HttpAnswer, HttpFailed, HttpRequest, Transport


@dataclass
class Line:
    """The line between provider and service: ``ok``, or what goes wrong on it with the next requests.

    ``lost``: it arrived and the answer did not; ``dead``: it never arrived; ``html``, ``empty``, ``broken`` and
    ``error``: it arrived, and the answer is a page, nothing, half a JSON, or status 500; ``busy``: refused with 429.
    ``reads`` false leaves GET alone: a provider may look before it acts.
    """

    far: Transport | None
    fault: str = "ok"
    reads: bool = True

    def __call__(self, request: HttpRequest, address: str) -> HttpAnswer:
        """Carry one request."""
        assert self.far is not None, "the provider asks over HTTP, and the far side has no `http`"
        if request.method == "GET" and not self.reads:
            return self.far(request, address)
        if self.fault == "dead":
            raise HttpFailed("The service cannot be reached.", sent=False)
        if self.fault == "busy":
            return HttpAnswer(429, {"retry-after": "3"}, b'{"error": "too many requests"}')
        found = self.far(request, address)
        if self.fault == "lost":
            raise HttpFailed("The answer was lost.", sent=True)
        spoilt = {"html": (200, b"<h1>Welcome</h1>"), "empty": (200, b""), "broken": (200, found.body[:-3]),
                  "error": (500, b'{"error": "internal"}')}  # fmt: skip
        return HttpAnswer(spoilt[self.fault][0], {}, spoilt[self.fault][1]) if self.fault in spoilt else found
