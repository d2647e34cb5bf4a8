"""What must be on file before money or work moves: the sealed test set, and the right to train on the data."""

from marketwright.plugin import N_, Condition, Role
from marketwright_ai.course import LICENCES, SEALED

CONDITIONS = (
    Condition(
        name=SEALED,
        label=N_("Test set sealed"),
        how=N_("The {client} says where the test set lies and gives its SHA-256, so that nobody can change it "
               "afterwards."),
        role=Role.CLIENT, asks=("text", "date"),
    ),
    Condition(
        name=LICENCES,
        label=N_("Right to train on the data"),
        how=N_("The {client} hands in what allows training on the data it brings: ownership, licence, or the "
               "opt-outs that were respected."),
        role=Role.CLIENT, asks=("text", "file"),
    ),
)  # fmt: skip
