"""Which documents are asked for, and how long each counts."""

from marshmallow import Schema, fields, validate

from marketwright_evidence.known import KNOWN

_KEYS = validate.ContainsOnly(
    tuple(KNOWN), [one.label for one in KNOWN.values()], error=f"known documents are: {', '.join(KNOWN)}"
)


class EvidenceSettings(Schema):
    """``[plugin.evidence]``: ``days`` a document counts where nothing says otherwise, and which are asked of whom."""

    days = fields.Int(
        load_default=365, validate=validate.Range(1, 3650), metadata={"label": "Days that a document counts"}
    )
    freelancer_documents = fields.List(
        fields.Str(),
        load_default=lambda: ["insurance"],
        validate=_KEYS,
        metadata={"label": "Documents of {freelancer.other}"},
    )
    client_documents = fields.List(
        fields.Str(),
        load_default=lambda: ["registration"],
        validate=[validate.Length(min=1), _KEYS],
        metadata={"label": "Documents of {client.other}"},
    )
