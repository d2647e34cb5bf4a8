"""The documents that this plugin knows by name."""

from dataclasses import dataclass

from marketwright.plugin import N_


@dataclass(frozen=True, slots=True)
class Known:
    """A kind of document: what it is called, and a word on what it must show."""

    label: str
    hint: str


KNOWN: dict[str, Known] = {
    "insurance": Known(
        N_("Certificate of professional liability insurance"),
        N_("It names you or your business, the sum insured, and until when it runs."),
    ),
    "identity": Known(N_("Identity document"), N_("Both sides; you may black out the number.")),
    "registration": Known(
        N_("Extract from the company register"), N_("Issued less than three months ago, all pages.")
    ),
    "authority": Known(
        N_("Proof that you may sign for the company"), N_("A mandate or minutes, with the signatory’s name.")
    ),
    "tax": Known(N_("Certificate of tax compliance"), N_("The latest that the tax office has issued.")),
}
