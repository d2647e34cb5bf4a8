"""A plugin of tests: a seal that the client puts on before work counts as approved, by silence too."""

from marketwright.plugin import Condition, Manifest, Role, hookimpl

manifest = Manifest(name="seal", summary="A seal on what was approved.", core=">=0.1,<0.2")


@hookimpl
def register_conditions(settings):
    return [Condition("seal.on", "Seal", "The {client} puts the seal on.", Role.CLIENT, asks=("text",),
                      before=("approve_by_silence",))]  # fmt: skip
