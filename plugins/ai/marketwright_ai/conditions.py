"""What must be on file before money or work moves: the sealed test set, and the right to train on the data."""

from marketwright.plugin import N_, Condition, Role
from marketwright_ai.course import LICENCES, RISKS, SEALED

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
    Condition(
        name=RISKS,
        label=N_("Risk file of a high-risk system"),
        how=N_("The {client} hands in who is provider and who is deployer, and the risks that are known: the project "
               "probably falls among the high-risk systems of the EU AI Act."),
        role=Role.CLIENT, asks=("text", "file"), before=("hand_candidate", "measure"),
        when={"ai_act_class": ("high_risk",)},
    ),
)  # fmt: skip
