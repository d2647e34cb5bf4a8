"""The client's own purchase order number on a mission: what their accounting asks for on each invoice."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.plugin import Field, FieldForm, Manifest, hookimpl

manifest = Manifest(name="purchase_order", summary="The client's purchase order number on a mission.")


@hookimpl
def register_fields(settings: Mapping[str, Any]) -> Sequence[Field]:
    """One line of text on the brief, private: never searched, never shown to visitors."""
    return [
        Field(
            "mission", "purchase_order", FieldForm.TEXT, {"en": "Purchase order", "fr": "Bon de commande"},
            hint={"en": "The number that your accounting asks for, if it does.",
                  "fr": "Le numéro que demande votre comptabilité, si elle en demande un."},
            private=True,
        )
    ]  # fmt: skip
