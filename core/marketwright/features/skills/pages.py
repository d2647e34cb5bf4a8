"""What a picking script may ask while somebody types."""

from flask import jsonify, request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.skills import queries
from marketwright.web.house import reading
from marketwright.web.i18n import current_locale
from marketwright.web.policy import PUBLIC
from marketwright.web.routing import Pages

pages = Pages("skills")


@pages.get("/skills/suggest", PUBLIC)
def suggest() -> BaseResponse:
    """Up to ten skills for ``?q=``, as JSON: id, label, and the other name that was matched."""
    text = request.args.get("q", "")[:80]
    found = queries.find(reading(), text, current_locale()) if text.strip() else []
    return jsonify([{"id": row.id, "label": row.label, "matched": row.matched} for row in found])
