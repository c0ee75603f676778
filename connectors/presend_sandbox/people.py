"""Invented people for the imitated accounts: same numbers and seed, same people."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_BORN_FROM = date(1950, 1, 1)
_BORN_DAYS = 365 * 55
_DOMAINS = ("example.com", "example.org", "example.net")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person; `gender_stated` is None for those who never said."""

    first: str
    last: str
    email: str
    city: str
    region: str
    country: str
    postcode: str
    timezone: str
    language: str
    phone: str
    birthday: date
    gender_stated: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    city: str
    region: str
    country: str
    postcode: str
    timezone: str
    language: str


@dataclass(frozen=True, slots=True)
class _Names:
    women: tuple[str, ...]
    men: tuple[str, ...]
    last: tuple[str, ...]


def _list(names: str) -> tuple[str, ...]:
    return tuple(names.split(", "))


_NAMES = {
    "en": _Names(
        _list(
            "Alice, Beth, Clara, Daisy, Emma, Fiona, Grace, Hannah, Isla, Joanna, Kate, Lucy, Megan, "
            "Nora, Olivia, Phoebe, Ruth, Sadie, Tessa, Violet"
        ),
        _list(
            "Adam, Ben, Callum, Daniel, Ethan, Frank, George, Harry, Isaac, Jack, Kevin, Liam, "
            "Marcus, Nathan, Oscar, Peter, Robert, Samuel, Thomas, Walter"
        ),
        _list(
            "Abbott, Barker, Carver, Dalton, Ellison, Fletcher, Garner, Hollis, Ingram, Jarvis, "
            "Keller, Lawson, Mercer, Norwood, Osborne, Porter, Radley, Sawyer, Thornton, Wheeler"
        ),
    ),
    "de": _Names(
        _list("Anja, Birgit, Claudia, Greta, Heike, Ilse, Jana, Katrin, Lena, Sabine, Ursula, Käthe"),
        _list("Bernd, Dieter, Emil, Florian, Günther, Holger, Jonas, Jürgen, Lukas, Matthias, Stefan, Uwe"),
        _list("Ackermann, Bauer, Dietrich, Fuchs, Hoffmann, Jäger, Köhler, Lindner, Müller, Richter, Schröder, Vogel"),
    ),
    "fr": _Names(
        _list("Amélie, Brigitte, Camille, Delphine, Elodie, Hélène, Juliette, Manon, Noémie, Sylvie"),
        _list("Antoine, Bastien, Etienne, François, Gérard, Hugo, Luc, Mathieu, Rémi, Thierry"),
        _list("Blanchard, Caron, Dubois, Fontaine, Girard, Lefèvre, Marchand, Perrin, Rousseau, Vasseur"),
    ),
    "es": _Names(
        _list("Alba, Beatriz, Carmen, Elena, Inés, Lucía, Marta, Nuria, Pilar, Rosa"),
        _list("Alejandro, Bruno, Diego, Felipe, Hernán, Javier, Manuel, Pablo, Raúl, Sergio"),
        _list("Castillo, Delgado, Fuentes, Gómez, Herrera, Marín, Núñez, Ortega, Serrano, Vidal"),
    ),
    "it": _Names(
        _list("Alessia, Bianca, Chiara, Federica, Giulia, Ilaria, Marta, Serena"),
        _list("Alessandro, Carlo, Davide, Enrico, Fabio, Lorenzo, Niccolò, Paolo"),
        _list("Barbieri, Conti, Ferrara, Gallo, Leone, Marchetti, Rinaldi, Santoro"),
    ),
    "nl": _Names(
        _list("Anouk, Femke, Hanneke, Lotte, Marijke, Sanne"),
        _list("Bram, Daan, Joost, Maarten, Ruben, Sjoerd"),
        _list("Bakker, de Vries, Hendriks, Mulder, van Dijk, Visser"),
    ),
    "sv": _Names(
        _list("Astrid, Ebba, Ingrid, Karin, Linnéa, Åsa"),
        _list("Anders, Björn, Gustav, Henrik, Mikael, Östen"),
        _list("Berglund, Ekström, Forsberg, Lindqvist, Nyström, Sjöberg"),
    ),
}

_PLACES = (
    _Place("Boston", "Massachusetts", "US", "02108", "America/New_York", "en"),
    _Place("Richmond", "Virginia", "US", "23220", "America/New_York", "en"),
    _Place("Chicago", "Illinois", "US", "60614", "America/Chicago", "en"),
    _Place("Austin", "Texas", "US", "78704", "America/Chicago", "en"),
    _Place("Denver", "Colorado", "US", "80203", "America/Denver", "en"),
    _Place("Portland", "Oregon", "US", "97205", "America/Los_Angeles", "en"),
    _Place("Toronto", "Ontario", "CA", "M5V 2T6", "America/Toronto", "en"),
    _Place("Leeds", "England", "GB", "LS1 4DY", "Europe/London", "en"),
    _Place("Edinburgh", "Scotland", "GB", "EH1 2NG", "Europe/London", "en"),
    _Place("Dublin", "Leinster", "IE", "D02 X285", "Europe/Dublin", "en"),
    _Place("Melbourne", "Victoria", "AU", "3000", "Australia/Melbourne", "en"),
    _Place("Hamburg", "Hamburg", "DE", "20095", "Europe/Berlin", "de"),
    _Place("Graz", "Steiermark", "AT", "8010", "Europe/Vienna", "de"),
    _Place("Lyon", "Auvergne-Rhône-Alpes", "FR", "69002", "Europe/Paris", "fr"),
    _Place("Montréal", "Quebec", "CA", "H2X 1Y4", "America/Toronto", "fr"),
    _Place("Valencia", "Valencia", "ES", "46002", "Europe/Madrid", "es"),
    _Place("Bologna", "Emilia-Romagna", "IT", "40121", "Europe/Rome", "it"),
    _Place("Utrecht", "Utrecht", "NL", "3511", "Europe/Amsterdam", "nl"),
    _Place("Göteborg", "Västra Götaland", "SE", "411 06", "Europe/Stockholm", "sv"),
)


@lru_cache(maxsize=512)
def crowd(n: int, seed: int, prefix: str = "") -> tuple[Person, ...]:
    """`n` people with addresses under example.com, .org and .net, none shared; `prefix` parts crowds.

    Always the same ones, so that they are made once.
    """
    chance = random.Random(f"{seed}/{prefix}")
    return tuple(_person(chance, number, prefix) for number in range(1, n + 1))


def _person(chance: random.Random, number: int, prefix: str) -> Person:
    place = chance.choice(_PLACES)
    names = _NAMES[place.language]
    woman = chance.random() < 0.5
    first = chance.choice(names.women if woman else names.men)
    last = chance.choice(names.last)
    local = f"{_plain(first)}.{_plain(last)}.{prefix.lower()}{number}"
    said = chance.random() < 0.3
    return Person(
        first=first,
        last=last,
        email=f"{local}@{_DOMAINS[number % len(_DOMAINS)]}",
        city=place.city,
        region=place.region,
        country=place.country,
        postcode=place.postcode,
        timezone=place.timezone,
        language=place.language,
        # 555-01xx is the range set aside for invented numbers.
        phone=f"+1202555{100 + number % 100:04d}",
        birthday=_BORN_FROM + timedelta(days=chance.randrange(_BORN_DAYS)),
        gender_stated=("female" if woman else "male") if said else None,
    )


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return "".join(letter for letter in letters.lower() if letter.isalnum())
