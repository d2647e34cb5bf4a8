"""Registration and VAT numbers, checked by their keys. Countries whose register has no key are taken as typed."""

import re
from importlib import import_module

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say

# country: (what people call the number, python-stdnum modules that may accept it)
_REGISTERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AT": ("Firmenbuchnummer", ("at.businessid",)),
    "BE": ("BCE / KBO", ("be.vat",)),
    "BG": ("EIK", ("bg.vat",)),
    "CH": ("UID / IDE", ("ch.uid",)),
    "CZ": ("IČO", ("cz.dic",)),
    "DE": ("Handelsregisternummer", ()),
    "DK": ("CVR", ("dk.cvr",)),
    "EE": ("Registrikood", ("ee.registrikood",)),
    "ES": ("NIF", ("es.nif", "es.cif")),
    "FI": ("Y-tunnus", ("fi.ytunnus",)),
    "FR": ("SIREN / SIRET", ("fr.siren", "fr.siret")),
    "GB": ("Company number", ()),
    "GR": ("AFM", ("gr.vat",)),
    "HR": ("OIB", ("hr.oib",)),
    "IE": ("CRO number", ()),
    "IT": ("Partita IVA", ("it.iva", "it.codicefiscale")),
    "LU": ("RCS", ()),
    "NL": ("KvK", ()),
    "NO": ("Organisasjonsnummer", ("no.orgnr",)),
    "PL": ("NIP / REGON", ("pl.nip", "pl.regon")),
    "PT": ("NIPC", ("pt.nif",)),
    "RO": ("CUI", ("ro.cui",)),
    "SE": ("Organisationsnummer", ("se.orgnr",)),
    "SI": ("Matična številka", ("si.maticna",)),
}
# where VAT numbers are known: outside the Union by module, inside by the Union's own check
_VAT = {"GB": "gb.vat", "CH": "ch.vat", "NO": "no.mva"}
_EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip
_FREE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{2,38}")


def register_name(country: str) -> str:
    """What the registration number is called in ``country``; '' where we do not know."""
    return _REGISTERS.get(country, ("", ()))[0]


def has_key(country: str) -> bool:
    """Whether a registration number of ``country`` can be checked by its key."""
    return bool(_REGISTERS.get(country, ("", ()))[1])


def checked_registration(country: str, typed: str, field: str = "registration_number") -> str:
    """The compact registration number; raises ``InvalidInput`` when its key does not hold."""
    name, modules = _REGISTERS.get(country, ("", ()))
    number = typed.strip()
    if not modules:
        if not _FREE.fullmatch(number):
            raise InvalidInput({field: [say("Type the number as your register writes it, letters and digits.")]})
        return number
    for module in modules:
        found = _validated(module, number)
        if found is not None:
            return found
    raise InvalidInput({field: [say("This is not a valid %(name)s number: its key does not hold.", name=name)]})


def checked_vat(country: str, typed: str, registration: str = "", field: str = "vat_number") -> str:
    """The compact VAT number with its country in front; raises ``InvalidInput`` when its key does not hold.

    A French number holds the SIREN in its end: it must be the one of ``registration``.
    """
    number = re.sub(r"[\s.\-]", "", typed).upper()
    prefix = "EL" if country == "GR" else country
    if country in _EU:
        found = _validated("eu.vat", number if number.startswith(prefix) else prefix + number)
        holds = found is not None and found.startswith(prefix)
    elif country in _VAT:
        found = _validated(_VAT[country], number)
        holds = found is not None
    else:
        found, holds = number, bool(_FREE.fullmatch(number)) and len(number) <= 20
    if not holds or found is None:
        raise InvalidInput({field: [say("This is not a valid VAT number of this country: its key does not hold.")]})
    if country == "FR" and registration and found[-9:] != registration[:9]:
        raise InvalidInput({field: [say("This VAT number belongs to another SIREN than the one above.")]})
    return found


def _validated(module: str, number: str) -> str | None:
    from stdnum.exceptions import ValidationError

    try:
        return str(import_module(f"stdnum.{module}").validate(number))
    except ValidationError:
        return None
