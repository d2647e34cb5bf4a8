"""Reading a file."""

from urllib.parse import quote

from flask import make_response
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.files import queries
from marketwright.features.files.ports import FileAccess, Storage
from marketwright.features.files.queries import FileRow
from marketwright.kernel.errors import NotFound
from marketwright.web.house import house, reading, viewer
from marketwright.web.policy import PUBLIC
from marketwright.web.routing import Pages

pages = Pages("files")
# drawn anew when stored, and an SVG only as a logo, without anything that acts; everything else is only saved
_SHOWN = ("image/png", "image/jpeg", "image/webp", "image/svg+xml")
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@pages.get("/files/<file>", PUBLIC.objects("whoever the room that stored it lets read it"))
def read(file: str) -> BaseResponse:
    """The bytes, as a picture or as something to save; 404 to whoever may not know of it."""
    ports, found = house().ports, queries.file(reading(), file)
    looker = viewer()
    if found is None or not ports.get(FileAccess).may_read(reading(), looker.account if looker else "", found):
        raise NotFound("There is no such file.")
    return sent(found)


def sent(found: FileRow, *, keep: bool = True) -> BaseResponse:
    """The bytes of ``found`` for whoever may read it: pages of rooms that let people in themselves ask for this.

    Pictures stay in a browser for a day, unless it may not ``keep`` them: each look is to be asked for.
    """
    response = make_response(house().ports.get(Storage).get(found.id))
    kind = "inline" if found.media_type in _SHOWN else "attachment"
    plain = found.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    response.headers["Content-Disposition"] = f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    response.headers["Content-Type"] = found.media_type
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, max-age=86400" if keep and kind == "inline" else "no-store"
    return response
