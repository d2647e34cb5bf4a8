"""Sets of answers to the marketplace's questions: every pair of values together at least once, or all of them."""

import itertools

from marketwright.baking.answers import choices

# what can be chosen freely is tried at its edges
FREE = {
    "project_name": ("My marketplace", "École & Nord, l’Expert"),
    "languages": ("en,fr", "fr", "en"),
    "country": ("FR", "US"),
    "currency": ("EUR", "JPY"),
    "brand_colour": ("", "#ffff00"),
}
VARIED = ("project_name", "country", "currency")  # walk along in the whole product, instead of multiplying it


def values(offers):
    """The values of each question."""
    return FREE | choices(offers)


def pairwise(offers):
    """Few sets of answers that hold every pair of values of any two questions; the first is all defaults."""
    asked = values(offers)
    keys = list(asked)
    missing = {
        frozenset({(a, x), (b, y)})
        for a, b in itertools.combinations(keys, 2) for x, y in itertools.product(asked[a], asked[b])
    }  # fmt: skip
    sets = [{key: listed[0] for key, listed in asked.items()}]
    missing -= _pairs(sets[0])
    while missing:
        seed = dict(min(missing, key=sorted))
        for key in [k for k in keys if k not in seed]:
            seed[key] = max(asked[key], key=lambda value: len(_pairs(seed | {key: value}) & missing))
        sets.append(seed)
        missing -= _pairs(seed)
    return sets


def product(offers):
    """Every combination of what changes what is baked; names, countries and currencies take turns."""
    asked = values(offers)
    crossed = [key for key in asked if key not in VARIED]
    turns = {key: itertools.cycle(asked[key]) for key in VARIED}
    for chosen in itertools.product(*(asked[key] for key in crossed)):
        yield dict(zip(crossed, chosen, strict=True)) | {key: next(turn) for key, turn in turns.items()}


def _pairs(answers):
    return {frozenset(pair) for pair in itertools.combinations(answers.items(), 2)}
