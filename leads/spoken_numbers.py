"""Where numbers are spelled out in a text as people say their phone number, in English and Spanish: "seven seven three, five fifty-five, oh
one forty-three", "siete siete tres, cinco cincuenta y cinco, cero uno cuarenta y tres". Pure; for leads.masking."""

import re

ONES = r"zero|oh|one|two|three|four|five|six|seven|eight|nine"
UNOS = r"cero|ciento|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
TEENS = r"ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
TENS = r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
DIECIS = r"diez|once|doce|trece|catorce|quince|dieci[a-zé]{4,5}|veinti[a-zéó]{3,6}"
DECENAS = r"veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa"
CIENTOS = r"doscientos|trescientos|cuatrocientos|quinientos|seiscientos|setecientos|ochocientos|novecientos"
END = r"(?![^\W\d_])"
GAP = r"(?>[\s,.\-/]{0,3}(?:(?:dash|hyphen|gui[oó]n|double|triple|doble)[\s,.\-/]{1,3}){0,2})"

# How many digits each stands for. The letter "o" is a zero where an English digit follows: "five o five".
DIGITS_OF = (
    (1, rf"[0-9]|(?:{ONES}|{UNOS}){END}|o(?=[\s,.\-/]{{1,3}}(?:[0-9]|(?:{ONES}){END}))"),
    (
        2,
        rf"(?:{TENS})[\s-]{{1,2}}(?:{ONES}){END}|(?:{DECENAS})\s{{1,2}}y\s{{1,2}}(?:{UNOS}){END}|(?:{TEENS}|{TENS}|{DIECIS}|{DECENAS}|hundred){END}",
    ),
    (3, rf"(?:{CIENTOS}){END}"),
)
ITEM = "(?>" + "|".join(pattern for _count, pattern in reversed(DIGITS_OF)) + ")"
RUN = re.compile(rf"(?<![^\W_]){ITEM}(?:{GAP}{ITEM}){{3,}}", re.IGNORECASE)
PART = re.compile("|".join(f"(?P<d{count}>{pattern})" for count, pattern in reversed(DIGITS_OF)), re.IGNORECASE)
TWICE = re.compile(r"(double|doble)|triple", re.IGNORECASE)


def find(plain: str):
    """(start, end) of what is a phone number in words: seven digits said one by one, or ten however they are said; at least three of
    them as words."""
    for run in RUN.finditer(plain):
        parts = list(PART.finditer(run[0]))
        digits = sum(int(part.lastgroup[1]) for part in parts)
        digits += sum(1 if more[1] else 2 for more in TWICE.finditer(run[0]))
        words = sum(len(part[0]) > 1 for part in parts)
        if words >= 3 and digits >= (7 if len(parts) >= 7 and all(part["d1"] for part in parts) else 10):
            yield run.span()
