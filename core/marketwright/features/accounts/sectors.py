"""What field of trade an organisation is in: a key of this list. What was typed before there was one stays as it is."""

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say
from marketwright.kernel.words import fold

SECTORS: dict[str, tuple[str, str]] = {
    "aerospace": ("Aerospace and defence", "Aérospatial et défense"),
    "agriculture": ("Agriculture", "Agriculture"),
    "associations": ("Associations and foundations", "Associations et fondations"),
    "automotive": ("Automotive", "Automobile"),
    "banking": ("Banking", "Banque"),
    "chemicals": ("Chemicals", "Chimie"),
    "construction": ("Construction", "Bâtiment et travaux publics"),
    "consulting": ("Consulting and audit", "Conseil et audit"),
    "culture": ("Culture, sport and leisure", "Culture, sport et loisirs"),
    "education": ("Education and training", "Éducation et formation"),
    "electronics": ("Electronics", "Électronique"),
    "energy": ("Energy", "Énergie"),
    "fashion": ("Textiles and fashion", "Textile et mode"),
    "food": ("Food industry", "Agroalimentaire"),
    "funds": ("Funds and asset management", "Fonds et gestion d’actifs"),
    "games": ("Games", "Jeux vidéo"),
    "health": ("Health care", "Santé"),
    "hospitality": ("Hotels, restaurants and travel", "Hôtellerie, restauration et voyage"),
    "hosting": ("Cloud and hosting", "Cloud et hébergement"),
    "human_resources": ("Human resources", "Ressources humaines"),
    "insurance": ("Insurance", "Assurance"),
    "it_services": ("IT services", "Services informatiques"),
    "legal": ("Legal services", "Services juridiques"),
    "logistics": ("Logistics and ports", "Logistique et ports"),
    "luxury": ("Luxury and watchmaking", "Luxe et horlogerie"),
    "machinery": ("Machinery and robotics", "Machines et robotique"),
    "manufacturing": ("Manufacturing", "Industrie manufacturière"),
    "marketing": ("Marketing and communication", "Marketing et communication"),
    "media": ("Media and publishing", "Médias et édition"),
    "mining": ("Mining, metals and materials", "Mines, métaux et matériaux"),
    "payments": ("Payment services", "Services de paiement"),
    "pharmaceuticals": ("Pharmaceuticals", "Industrie pharmaceutique"),
    "property": ("Property and housing", "Immobilier et logement"),
    "public": ("Public sector", "Secteur public"),
    "rail_naval": ("Rail and shipbuilding", "Ferroviaire et naval"),
    "research": ("Research", "Recherche"),
    "retail": ("Retail", "Commerce de détail"),
    "social": ("Social care", "Action sociale"),
    "software": ("Software", "Logiciels"),
    "telecoms": ("Telecoms and satellites", "Télécoms et satellites"),
    "transport": ("Transport", "Transports"),
    "water_waste": ("Water and waste", "Eau et déchets"),
    "wholesale": ("Wholesale", "Commerce de gros"),
    "other": ("Another sector", "Autre secteur"),
}  # fmt: skip
_KEYS = {fold(label): key for key, labels in SECTORS.items() for label in labels}


def sector_name(sector: str, locale: str) -> str:
    """How a stored sector reads in ``locale``; a free text of old as it is, unless it is a name of the list."""
    labels = SECTORS.get(sector) or SECTORS.get(_KEYS.get(fold(sector), ""))
    return (labels[1] if locale == "fr" else labels[0]) if labels else sector


def sector_key(sector: str) -> str:
    """The key that stands for a stored sector; '' where it is none of the list."""
    return sector if sector in SECTORS else _KEYS.get(fold(sector), "")


def sector_names(sector: str) -> tuple[str, ...]:
    """Every name of a stored sector, for who searches by it."""
    return SECTORS.get(sector_key(sector), (sector,) if sector else ())


def sectors_named(words: str) -> list[str]:
    """Keys of the sectors that have ``words`` in one of their names."""
    wanted = fold(words)
    return [key for key, labels in SECTORS.items() if wanted and any(wanted in fold(label) for label in labels)]


def sector_choices(locale: str, kept: str = "") -> list[tuple[str, str]]:
    """(key, name) by name, the other ones last; ``kept`` is what is stored and may stay."""
    known = sorted(
        ((key, sector_name(key, locale)) for key in SECTORS),
        key=lambda choice: (choice[0] == "other", fold(choice[1])),
    )
    return known if not kept or kept in SECTORS else [(kept, sector_name(kept, locale)), *known]


def known_sector(sector: str, *, before: str = "") -> str:
    """The key of ``sector``, or what stood there ``before``; raises ``InvalidInput`` for anything else."""
    if sector and not sector_key(sector) and sector != before:
        raise InvalidInput({"sector": [say("Choose one of the sectors of the list.")]})
    return sector_key(sector) or sector
