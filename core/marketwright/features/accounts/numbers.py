"""Registration and VAT numbers, checked by their keys, and postcodes by their shape.

The country packs come first; of other countries the table below knows what has a key, the rest is taken as typed.
"""

import re
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say
from marketwright.strategies.countries import Identifiers

Packs = Mapping[str, Identifiers]
_NONE: Packs = MappingProxyType({})

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
# country: a postcode, whose digits and letters stand where those of any other one stand; elsewhere it is free
_POSTCODES = {
    "AT": "1010", "BE": "1000", "BG": "1000", "CH": "8001", "CZ": "110 00", "DE": "10115", "DK": "1050", "EE": "10111",
    "ES": "28001", "FI": "00100", "GR": "105 57", "HR": "10000", "HU": "1011", "IT": "00118", "NL": "1011 AB",
    "NO": "0150", "PL": "00-001", "PT": "1000-001", "RO": "010011", "SE": "111 20", "SI": "1000", "SK": "811 01",
}  # fmt: skip
_FREE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./-]{2,38}")


def _register(country: str, packs: Packs) -> tuple[str, tuple[str, ...]]:
    if country in packs:
        return packs[country].label, packs[country].registration
    return _REGISTERS.get(country, ("", ()))


def register_name(country: str, packs: Packs = _NONE) -> str:
    """What the registration number is called in ``country``; '' where we do not know."""
    return _register(country, packs)[0]


def has_key(country: str, packs: Packs = _NONE) -> bool:
    """Whether a registration number of ``country`` can be checked by its key."""
    return bool(_register(country, packs)[1])


def checked_registration(
    country: str, typed: str, *, packs: Packs = _NONE, field: str = "registration_number"
) -> str:  # fmt: skip
    """The compact registration number; raises ``InvalidInput`` when its key does not hold."""
    name, modules = _register(country, packs)
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


def checked_vat(
    country: str, typed: str, registration: str = "", *, packs: Packs = _NONE, field: str = "vat_number"
) -> str:  # fmt: skip
    """The compact VAT number with its country in front; raises ``InvalidInput`` when its key does not hold.

    Where a pack says that it ends in the beginning of the registration number, it must be that of ``registration``.
    """
    number = re.sub(r"[\s.\-]", "", typed).upper()
    prefix = "EL" if country == "GR" else country
    pack = packs.get(country)
    if country in _EU or (pack is not None and pack.vat == "eu.vat"):
        found = _validated("eu.vat", number if number.startswith(prefix) else prefix + number)
        holds = found is not None and found.startswith(prefix)
    elif country in _VAT or pack is not None:
        found = _validated(pack.vat if pack is not None else _VAT[country], number)
        holds = found is not None
    else:
        found, holds = number, bool(_FREE.fullmatch(number)) and len(number) <= 20
    if not holds or found is None:
        raise InvalidInput({field: [say("This is not a valid VAT number of this country: its key does not hold.")]})
    if pack is not None and pack.shared and registration and found[-pack.shared :] != registration[: pack.shared]:
        raise InvalidInput({field: [
            say("This VAT number belongs to another %(name)s than the one above.", name=pack.shared_label or pack.label)
        ]})  # fmt: skip
    return found


def checked_postcode(country: str, typed: str, *, packs: Packs = _NONE, field: str = "postcode") -> str:
    """The postcode as the country writes it; raises ``InvalidInput`` where it cannot be one of ``country``."""
    pack = packs.get(country)
    example = pack.postcode if pack is not None and pack.postcode else _POSTCODES.get(country, "")
    if not example:
        return typed.strip()
    bare = re.sub(r"[\s-]", "", typed).upper().removeprefix(country)
    if _shape(bare) != _shape(re.sub(r"[\s-]", "", example)):
        raise InvalidInput({field: [say("A postcode of this country looks like %(example)s.", example=example)]})
    found = list(bare)
    for at, letter in enumerate(example):
        if letter in " -":
            found.insert(at, letter)
    return "".join(found)


def _shape(code: str) -> str:
    return "".join("0" if c in "0123456789" else "A" if "A" <= c <= "Z" else "?" for c in code)


def _validated(module: str, number: str) -> str | None:
    from stdnum.exceptions import ValidationError

    try:
        return str(import_module(f"stdnum.{module}").validate(number))
    except ValidationError:
        return None
