"""A plugin of tests: a permit that the client hands in, in words and as a file, before money or work moves."""

from marketwright.plugin import Condition, Manifest, Role, hookimpl

manifest = Manifest(name="permit", summary="A permit to enter.", core=">=0.1,<0.2")


@hookimpl
def register_conditions(settings):
    return [Condition("permit.to_enter", "Permit to enter", "The {client} hands in the written permit.", Role.CLIENT,
                      asks=("text", "file"), before=("fund", "deliver"))]  # fmt: skip
