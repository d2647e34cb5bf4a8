"""The settings of bank transfers, ``[plugin.bank_transfer]``."""

from marshmallow import Schema, fields, validate


class BankTransferSettings(Schema):
    """All have a default."""

    qr = fields.Bool(
        load_default=True,
        metadata={
            "label": "Code for banking apps",
            "description": "Show a code that banking apps read (EPC069-12), for invoices in euros.",
        },
    )
    most_megabytes = fields.Int(
        load_default=5, validate=validate.Range(1, 50),
        metadata={"label": "Largest statement", "description": "The largest statement that is read, in megabytes."},
    )  # fmt: skip
    most_lines = fields.Int(
        load_default=5_000, validate=validate.Range(10, 100_000),
        metadata={"label": "Longest statement", "description": "The most lines of a statement that are read."},
    )  # fmt: skip
