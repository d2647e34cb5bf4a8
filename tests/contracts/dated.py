"""A plugin of tests: an insurance that the client names with its date."""

from marketwright.plugin import Condition, Manifest, Role, hookimpl

manifest = Manifest(name="dated", summary="An insurance with its date.", core=">=0.1,<0.2")


@hookimpl
def register_conditions(settings):
    return [Condition("dated.insurance", "Insurance", "The {client} names its insurance and until when it holds.",
                      Role.CLIENT, asks=("text", "date"), before=("fund",))]  # fmt: skip
