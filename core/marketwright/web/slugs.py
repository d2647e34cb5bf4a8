"""A readable slug beside the opaque id: ``/missions/k3f9…-l-art-d-ecrire``. The id decides; the slug only reads."""

from flask import redirect, request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.kernel.words import slug


def id_of(reference: str) -> str:
    """The opaque id of ``reference``, with or without a slug behind it."""
    return reference.partition("-")[0]


def with_slug(id: str, title: str) -> str:  # noqa: A002  the word of the domain
    """The id with the slug of ``title``; the id alone where the title has no letter for it."""
    readable = slug(title)
    return f"{id}-{readable}" if readable else id


def moved(reference: str, path: str) -> BaseResponse | None:
    """A redirect to ``path`` for a slug that is wrong or old; ``None`` for the right one and for the bare id."""
    if "-" not in reference or path.rpartition("/")[2] == reference:
        return None
    query = request.query_string.decode("ascii", "ignore")
    return redirect(path + (f"?{query}" if query else ""), 301)
