"""As whom somebody reads what is sealed, in words."""

from marketwright.kernel.text import N_

READERS: dict[str, str] = {
    "client": N_("the {client}"), "freelancer": N_("the {freelancer}"), "staff": N_("staff, within a case"),
    "outsider": N_("who was asked to sign"),
}  # fmt: skip
