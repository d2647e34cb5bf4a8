"""What the double refuses, in the shape of Stripe's errors."""

from typing import Any


class Refused(Exception):
    """An error answer: ``status`` and the body's ``error`` object. ``kept`` says whether its key keeps it."""

    def __init__(
        self, status: int, message: str, *, kind: str = "invalid_request_error", code: str = "", param: str = "",
        kept: bool = True, headers: dict[str, str] | None = None, **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.status, self.kept, self.headers = status, kept, headers or {}
        self.body = {"error": {"message": message, "type": kind, **more}}
        if code:
            self.body["error"]["code"] = code
        if param:
            self.body["error"]["param"] = param


def missing(kind: str, name: str, param: str = "id") -> Refused:
    """404 for an object that is not there."""
    return Refused(404, f"No such {kind}: '{name}'", code="resource_missing", param=param)


def invalid(message: str, param: str = "", code: str = "") -> Refused:
    """400 for a request that the endpoint refuses once it runs."""
    return Refused(400, message, param=param, code=code)
