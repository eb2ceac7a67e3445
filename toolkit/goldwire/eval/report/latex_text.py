"""Text that stays text in LaTeX."""

import unicodedata

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "|": r"\textbar{}",  # a dash in the encoding that LaTeX begins with
    "<": "$<$",
    ">": "$>$",
    "[": "{[}",  # at the beginning of a row it would be an option of the line before
    "]": "{]}",
    "*": "{*}",
    '"': "''",  # babel acts on it in some languages
    "“": "``",
    "”": "''",
    "’": "'",
    "–": "--",
    "−": "$-$",
}
_BREAKS = "_/.-:"
_RUN = 16  # letters without a place to break
_LATIN = 0x17F


def escaped(text: str) -> str:
    """Return text on one line, escaped for LaTeX and without characters that do not print."""
    return "".join(_pieces(text))


def broken(text: str) -> str:
    """Return `escaped` text that may break behind signs such as _ and /, and within long words."""
    found, run = [], 0
    line = _line(text)
    for at, piece in enumerate(_pieces(text)):
        run = 0 if line[at] == " " else run + 1
        found.append(piece)
        if run >= _RUN or (line[at] in _BREAKS and run > 1):
            found.append(r"\allowbreak{}")
            run = 0
    return "".join(found)


def foreign(text: str) -> str:
    """Return letters and signs that pdfLaTeX has no font for, at most eight."""
    beyond = dict.fromkeys(c for c in _line(text) if ord(c) > _LATIN and c not in _ESCAPES and _drawn(c))
    return " ".join(list(beyond)[:8])


def _pieces(text: str) -> list[str]:
    line = _line(text)
    following = [*line[1:], ""] if line else []
    return [
        "-{}" if one == "-" and after in ("-", "–") else _ESCAPES.get(one, one)  # two would become a dash
        for one, after in zip(line, following, strict=True)
    ]


def _line(text: str) -> str:
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _drawn(character: str) -> bool:
    """Whether it is no mark of punctuation, of which LaTeX has the usual ones."""
    return not unicodedata.category(character).startswith("P")
