"""Where streets stand in a text, in English and Spanish. Pure; all searches have bounds. For leads.masking."""

import re

# A number, one to three words and "Street"; a named street without a number; a flat; a post box.

DIRECTION = r"(?:[nsew]\.?|[ns][ew]|north|south|east|west)"
CLEAR = r"street|st|avenue|ave|av|boulevard|blvd|road|rd|lane|ln|parkway|pkwy|highway|hwy|expressway"
VAGUE = r"drive|dr|court|ct|place|pl|terrace|ter|circle|cir|trail|trl|way|square|loop|alley|plaza|broadway"
NO_STREET = (
    r"(?:feet|foot|ft|inch(?:es)?|in|sq|square|gallons?|gal|years?|months?|weeks?|days?|old|story|stories|floors?|cars?|x|by|of|the|and|to|or"
    r"|on|at|is|are|a|an|my|our|your|new|from|for|with|per|bed(?:room)?s?|bath(?:room)?s?|rooms?|windows?|doors?|outlets?|trees?|amps?"
    r"|volts?|tons?|btu|am|pm|k|dollars?|percent)\b"
)
FLAT = r"(?:,?\s{0,2}(?:apartment|apt|unit|suite|ste|\#)\.?\s{0,2}\#?\s?\w{1,6}\b)?"
NUMBERED = re.compile(
    rf"(?<![\w$.,])(?P<number>[0-9]{{1,6}})[a-z]?(?:-[0-9]{{1,4}})?\s{{1,2}}(?P<direction>{DIRECTION}\s{{1,2}})?"
    rf"(?P<name>(?:(?!{NO_STREET})[a-z0-9][\w'.-]{{0,30}}\s{{1,2}}){{0,3}}?)(?:(?P<clear>{CLEAR})|(?P<vague>{VAGUE}))\b\.?{FLAT}",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(?<!\w)(?:[A-Z][\w'-]{1,30}\s){1,3}(?:Street|St|Avenue|Ave|Boulevard|Blvd|Road|Rd|Lane|Ln)\b\.?(?!\s[A-Z][a-z])" + FLAT
)
ALONE = re.compile(r"(?<!\w)(?:(?:apartment|apt)\.?\s{0,2}\#?\s?[0-9]\w{0,5}|p\.?\s?o\.?\s?box\s{1,2}[0-9]{1,8})\b", re.IGNORECASE)

# "calle Hoyne 1201", "Av. Hoyne #1201, depto 4", "1201 de la avenida Hoyne", "calle Hoyne", "calle 26", "apartado 12", "número 1201".

CALLE = r"calle|avenida|avda|av|bulevar|calzada|callej[oó]n|carretera|carrera"
CAMINO = r"camino|paseo|plaza|privada|autopista|pasaje"
NO_CALLE = (
    r"(?:est[aá]n?|es|son|hay|tiene|tenemos|con|sin|y|e|o|u|por|para|en|entre|hasta|desde|que|se|a|al|un|una|unos|unas|mi|mis|su|sus|nos"
    r"|frente|cerca|donde|cuando|no|ya|muy|cada|on|of|at|in|is|to|and|for|with)\b"
)
MEASURED = (
    r"\s{0,2}(?:pies?|pulgadas?|metros?|m2?|yardas?|galones|litros|a[nñ]os?|meses|mes|semanas?|d[ií]as?|horas?|veces|cuadras?|pisos?|carros?"
    r"|autos?|[aá]rboles|ventanas?|puertas?|rec[aá]maras?|cuartos|ba[nñ]os|casas|personas|d[oó]lares|feet|foot|ft|sq|gal)\b"
)
NUMBER = r"(?:(?:n[uú]mero|n[uú]m|nro|n\.?o|no)\.?|\#)"
LINKED = r"(?:(?:de|del|la|las|los|el|san|santa)\s{1,2}){0,3}"
CAPITAL = r"(?-i:[A-ZÁÉÍÓÚÜÑ])[\w'-]{1,30}"
MORE = rf"(?:\s(?:y\s)?{LINKED}{CAPITAL}){{0,3}}"
NAME_WORD = rf"(?!{NO_CALLE})[a-záéíóúüñ][\w'.-]{{0,30}}"
PISO = r"(?:,?\s{0,2}(?:apartamento|apto|departamento|depto|dpto|interior|int|piso|unidad|apt|unit|\#)\.?\s{0,2}\#?\s?\w{1,6}\b)?"
CALLE_NUMBERED = re.compile(
    rf"(?<!\w)(?:{CALLE}|{CAMINO})\b\.?\s{{1,2}}{LINKED}{NAME_WORD}(?:\s{{1,2}}{NAME_WORD}){{0,3}}?,?\s{{1,2}}"
    rf"(?:{NUMBER}\s{{0,2}})?[0-9]{{1,6}}\b(?!{MEASURED}){PISO}",
    re.IGNORECASE,
)
CALLE_OF_NUMBER = re.compile(
    rf"(?<!\w)(?:{CALLE})\b\.?\s{{1,2}}(?:{NUMBER}\s{{0,2}})?[0-9]{{1,4}}\b(?!{MEASURED})(?:,?\s{{0,2}}{NUMBER}\s{{0,2}}[0-9]{{1,6}}\b)?{PISO}",
    re.IGNORECASE,
)
NUMBER_FIRST = re.compile(
    rf"(?<![\w$.,])[0-9]{{1,6}},?\s{{1,2}}(?:de\s(?:la\s|el\s)?|del\s|en\s(?:la\s|el\s)?)?(?:{CALLE}|{CAMINO})\b\.?\s{{1,2}}{LINKED}"
    rf"(?:{NAME_WORD}|[0-9]{{1,4}}\b){MORE}{PISO}",
    re.IGNORECASE,
)
CALLE_NAMED = re.compile(
    rf"(?<!\w)(?:{CALLE}|{CAMINO})\b\.?\s{{1,2}}{LINKED}(?!{NO_CALLE}){CAPITAL}{MORE}{PISO}",
    re.IGNORECASE,
)
ALONE_IN_SPANISH = re.compile(
    rf"(?<!\w)(?:apartamento|apto|departamento|depto|dpto|apartado(?:\s(?:postal|de\scorreos))?)\.?\s{{0,2}}(?:{NUMBER}\s{{0,2}})?"
    rf"[0-9]\w{{0,7}}\b(?!{MEASURED})",
    re.IGNORECASE,
)
HOUSE_NUMBER = re.compile(
    r"(?<!\w)(?P<other>(?:modelo|serie|permiso|orden|pedido|parte|pieza|lista|caso|licencia|factura|el\sde)\s{1,2})?"
    rf"(?:n[uú]mero|n[uú]m\.|nro\.)\s{{0,2}}\#?[0-9]{{2,6}}\b(?!{MEASURED})",
    re.IGNORECASE,
)


# Words of a street that tell nothing: what every street has, and what streets are named after and jobs speak of.

KINDS = {*CLEAR.split("|"), *VAGUE.split("|"), *CAMINO.split("|"), "calle", "avenida", "north", "south", "east", "west", "apt", "apartment",
         "unit", "suite", "the", "del", "las", "los", "san", "santa"}  # fmt: skip
ORDINARY = {"main", "first", "second", "third", "fourth", "fifth", "park", "lake", "river", "hill", "spring", "water", "mill", "wood",
            "stone", "garden", "school", "church", "bridge", "meadow", "forest", "oak", "elm", "maple", "pine", "cedar", "walnut", "cherry",
            "birch", "rose", "center", "high", "grand", "green", "white", "black", "brown", "gray", "ridge", "valley", "pool", "front",
            "back", "side", "sunset", "summer", "home", "house", "new", "old", "view", "beach", "tree", "bay", "wall", "field"}  # fmt: skip


def telling(street: str) -> tuple[str, list[str]]:
    """The number of the house, if it has three digits or more, and the words of a street that alone say where somebody lives: of
    "4471 N Thistledown Avenue" it is ("4471", ["thistledown"])."""
    words = re.findall(r"[^\W_]+", street.lower())
    house = words[0] if words and words[0].isdecimal() and len(words[0]) > 2 else ""
    return house, [word for word in words if len(word) > 2 and word.isalpha() and word not in KINDS | ORDINARY]


def find(plain: str):
    """(start, end) of what names a street, a flat or a post box."""
    for match in NUMBERED.finditer(plain):
        if (match["clear"] and match["name"]) or (match["vague"] and _is_street(match)):
            yield match.span()
    for pattern in (NAMED, ALONE, CALLE_NUMBERED, CALLE_OF_NUMBER, NUMBER_FIRST, CALLE_NAMED, ALONE_IN_SPANISH):
        for match in pattern.finditer(plain):
            yield match.span()
    for match in HOUSE_NUMBER.finditer(plain):
        if not match["other"]:
            yield match.span()


def _is_street(match):
    """A long number, a direction or a capital speaks for a street: "455 elm drive" is one, "1 concrete drive" is none."""
    name = match["name"].split()
    named = bool(name) or match["vague"].lower() == "broadway"
    return named and bool(len(match["number"]) >= 3 or match["direction"] or (name and name[-1][0].isupper()))
