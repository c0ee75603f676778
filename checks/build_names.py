"""Writes the name lists beside the misspelt-name check from the lists of faker and names (MIT); needs both installed.

Run by hand when the lists are to be renewed: `uv run --with faker==40.54.0 --with names==0.3.0 checks/build_names.py`.
The lists are shipped, so that neither is needed where presend runs. `names` holds the lists of the United States'
census of 1990, which are in the public domain.
"""

from __future__ import annotations

import importlib
import pkgutil
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import faker
import faker.providers.person as persons
import names as census

LEXICONS = Path(__file__).parent / "presend_checks" / "values" / "lexicons"
LEAST = 5
"""Letters of the shortest name that is listed."""
MOST = {
    "en_US": {"first_names_female": 500, "first_names_male": 400, "last_names": 1000},
    "en_GB": {"last_names": 300},
}
"""How many of the most common names of the United States' census and of Britain count as common."""
SPREAD = 10
"""A given name that stands in the lists of so many locales is common as well."""
PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "þ": "th", "ð": "d"})
SURE = 3
"""Names that hold three letters in a row, for these not to be a slip: the lists have slips of their own."""
CENSUS = ("dist.all.last", "dist.female.first", "dist.male.first")
TAIL = 10
"""The census gives no share below half of a thousandth of a percent; by rank, it is about ten percent over the rank."""
RARER = 150
"""A name of the census that is so many times rarer than the common one beside it is a slip of the census itself."""
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def folded(name: str) -> str:
    """Without case, accents and signs of their own."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return plain.casefold().translate(PLAIN)


def words(name: str) -> Iterator[str]:
    """The words of a name that could be listed."""
    for word in folded(name).replace("-", " ").split():
        if word.isascii() and word.isalpha() and len(word) >= LEAST:
            yield word


def listed() -> tuple[Counter[str], set[str]]:
    """Given names by the number of locales that list them, and all names."""
    given: Counter[str] = Counter()
    everything: set[str] = set()
    for module in pkgutil.iter_modules(persons.__path__):
        provider = importlib.import_module(f"{persons.__name__}.{module.name}").Provider
        here: set[str] = set()
        for attribute in dir(provider):
            held = getattr(provider, attribute)
            if not attribute.startswith(("first_name", "last_name", "middle_name")) or callable(held):
                continue
            if isinstance(held, property):
                continue
            names = [one for entry in held for one in (entry if isinstance(entry, tuple) else (entry,))]
            found = {word for name in names if isinstance(name, str) for word in words(name)}
            everything |= found
            here |= found if attribute.startswith("first") else set()
        given.update(here)
    return given, everything


def common() -> dict[str, str]:
    """Common names with what they are: given, family or both."""
    found: dict[str, set[str]] = defaultdict(set)
    for locale, lists in MOST.items():
        provider = importlib.import_module(f"{persons.__name__}.{locale}").Provider
        for attribute, most in lists.items():
            weights = getattr(provider, attribute)
            kind = "family" if attribute.startswith("last") else "given"
            for name in sorted(weights, key=lambda name: -weights[name])[:most]:
                for word in words(name):
                    found[word].add(kind)
    for word, locales in listed()[0].items():
        if locales >= SPREAD:
            found[word].add("given")
    return {word: " ".join(sorted(kinds, reverse=True)) for word, kinds in found.items()}


def counted() -> dict[str, float]:
    """Names of the census with their share in percent."""
    found: dict[str, float] = {}
    for file in CENSUS:
        for line in (Path(census.__file__).parent / file).read_text(encoding="ascii").splitlines():
            name, percent, _sum, rank = line.split()
            if len(name) >= LEAST:
                share = float(percent) if float(percent) > 0.001 else TAIL / int(rank)
                found[name.casefold()] = max(share, found.get(name.casefold(), 0.0))
    return found


def slips(word: str) -> Iterator[str]:
    """What the word becomes by two neighbours in the wrong order, or one key beside the right one."""
    for at in range(1, len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    for at in range(1, len(word)):
        for row in KEYS:
            where = row.find(word[at])
            if where >= 0:
                yield from (word[:at] + key + word[at + 1 :] for key in row[max(0, where - 1) : where + 2])


def write(name: str, head: str, lines: list[str]) -> None:
    """One list, with its source and licence at its head."""
    source = (
        f"# Made by checks/build_names.py from the person lists of faker {faker.VERSION} and of names (MIT licence)."
    )
    text = "\n".join((f"# {head}", source, *lines))
    (LEXICONS / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")


def main() -> None:
    """Write the three lists."""
    names, everything, shares = common(), listed()[1], counted()
    lines = [f"{word} | {kinds}" for word, kinds in sorted(names.items())]
    write("common_names", "Names that many people have: given names, family names or both.", lines)
    real = {
        slip
        for word in names
        for slip in slips(word)
        if slip not in names and (slip in everything or shares.get(slip, 0) * RARER >= shares.get(word, 0.0005) > 0)
    }
    write("real_spellings", "Names of people that look like a slip of the keyboard in a common name.", sorted(real))
    seen = Counter(whole[at : at + 3] for whole in (f"^{w}$" for w in everything) for at in range(len(whole) - 2))
    behind: dict[str, set[str]] = defaultdict(set)
    for triple, times in seen.items():
        if times >= SURE:
            behind[triple[:2]].add(triple[2])
    triples = [f"{pair} {''.join(sorted(letters))}" for pair, letters in sorted(behind.items())]
    write("letter_triples", "Which letters follow two others in names; ^ begins a name, $ ends it.", triples)


if __name__ == "__main__":
    main()
