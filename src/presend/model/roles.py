"""What a column means, told from its name: who is named, what they own, and how long such a fact stays true.

The half-lives are presend's defaults, set by judgement and by figures where there are any: 11.2-11.7 % of people in
the US move in a year (census), e-mail addresses go bad at 23-28 % a year (ZeroBounce reports 2024, 2025). Users set
their own under `[freshness]`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum


class Role(StrEnum):
    """Kinds of fact about a person; the value is the key under `[freshness]`."""

    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    FULL_NAME = "full_name"
    EMAIL = "email"
    PHONE = "phone"
    COMPANY = "company"
    JOB = "job"
    ADDRESS = "address"
    BIRTHDAY = "birthday"
    POSSESSION = "possession"
    PET = "pet"
    CHILD = "child"
    RELATIONSHIP = "relationship"
    PREFERENCE = "preference"
    MEMBERSHIP = "membership"
    BALANCE = "balance"
    OTHER = "other"


NAMES = frozenset({Role.FIRST_NAME, Role.LAST_NAME, Role.FULL_NAME})
"""Roles whose values are names of people."""

SAID_ALOUD = frozenset({Role.POSSESSION, Role.PET, Role.CHILD, Role.RELATIONSHIP})
"""Roles whose stale values hurt when they are said."""

HALF_LIFE_DAYS: dict[Role, int | None] = {
    Role.FIRST_NAME: None,
    Role.LAST_NAME: 5 * 365,
    Role.FULL_NAME: 5 * 365,
    Role.EMAIL: None,
    Role.PHONE: 3 * 365,
    Role.COMPANY: 2 * 365,
    Role.JOB: 2 * 365,
    Role.ADDRESS: 3 * 365,
    Role.BIRTHDAY: None,
    Role.POSSESSION: 548,
    Role.PET: 2 * 365,
    Role.CHILD: 2 * 365,
    Role.RELATIONSHIP: 2 * 365,
    Role.PREFERENCE: 2 * 365,
    Role.MEMBERSHIP: 365,
    Role.BALANCE: 30,
    Role.OTHER: None,
}
"""Days after which a fact of the kind is too old to rely on; None: it does not age."""

_ABOUT = r"(?: ?(?:(?:first ?)?names?|ages?|birthday|birth ?date|dob))?"
"""What one may know of somebody else: behind the word for whom it is about."""

_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.FIRST_NAME, r"f ?name|first ?name|given ?name|vorname|prenom|nick ?name|preferred ?name"),
    (Role.LAST_NAME, r"l ?name|last ?name|sur ?name|family ?name|nachname"),
    (Role.FULL_NAME, r"full ?name|display ?name|contact ?name"),
    (Role.EMAIL, r"e ?mail(?: address)?"),
    (
        Role.PET,
        r"(?:pets?|dogs?|cats?|puppy|kitten|horse|rabbit)(?: ?s)?" + _ABOUT + r"|pet ?(?:type|breed|species)|breed"
        r"|(?:dog|cat|puppy|kitten|horse) ?breed",
    ),
    (
        Role.CHILD,
        r"(?:child|children|kids?|son|daughter|baby|toddler)(?: ?s)?" + _ABOUT + r"|due ?date",
    ),
    (
        Role.RELATIONSHIP,
        r"(?:spouse|partner|husband|wife|fiancee?|girlfriend|boyfriend)(?: ?s)?" + _ABOUT + r"|marital(?: ?status)?",
    ),
    (
        Role.POSSESSION,
        (
            r"(?:my ?)?(?:cars?|vehicles?|bikes?|bicycle|e ?bike|motor(?:bike|cycle)|boat|scooter|caravan|truck)"
            r"(?: ?(?:model|make|brand|year|type))?|(?:home|house|property) ?type|house"
            r"|phone ?model|device(?: ?model)?|owned ?product|machine"
        ),
    ),
    (Role.JOB, r"job|job ?title|position|occupation|role|profession"),
    (Role.COMPANY, r"company|organi[sz]ation|employer|company ?name"),
    (
        Role.ADDRESS,
        (
            r"(?:(?:home|postal|mailing|shipping|billing|delivery|street) ?)?address"
            r"|(?:street ?)?address ?(?:line ?)?[12]|street|city|town|state|region|country"
            r"|zip|zip ?code|post ?code|postal ?code"
            r"|location(?: .*)?"
        ),
    ),
    (Role.PHONE, r"phone|phone ?number|mobile|mobile ?phone|cell"),
    (Role.BIRTHDAY, r"birthday|birth ?date|date of birth|dob"),
    (
        Role.MEMBERSHIP,
        r"tier|loyalty ?tier|membership|membership ?(?:level|tier|status)|plan|vip|status ?level",
    ),
    (Role.BALANCE, r"points?|loyalty ?points|balance|credits?|store ?credit"),
    (Role.PREFERENCE, r"preference|preferences|favou?rite.*|interests?|size|shoe ?size"),
)
_OF = r"(?:name|nom|nombre|nome|naam|imie) (?:des|der|du|de la|de los?|de mi|della|do|da|van de|van het) "
"""Behind it, whose name it is: Name des Hundes, nombre de la mascota."""
_ABROAD: tuple[tuple[Role, str], ...] = (
    (Role.PET, rf"(?:{_OF})?(?:hund(?:es)?|haustier(?:s|es)?|katze|chien|perro|mascota|cachorro|cane|huisdier|hond)"),
    (Role.PET, r"(?:hunde|katzen|haustier)name"),
    (Role.CHILD, rf"{_OF}(?:kindes|enfant|hij[oa]|figli[oa]|filh[oa]|kind)|kinder|enfants|hijos|figli|filhos|dzieci"),
    (Role.CHILD, r"prenom de l enfant|kindername|kindesname"),
    (
        Role.RELATIONSHIP,
        rf"(?:{_OF})?(?:ehe(?:partner|frau|mann)s?|conjointe?|epou(?:x|se)|espos[oa]|conyuge|coniuge|echtgenoo?te?)",
    ),
    (Role.POSSESSION, r"fahrzeug(?:modell|typ)?|auto ?(?:modell?|marke|merk)|voiture|vehicule|coche|vehiculo|veiculo"),
    (Role.FIRST_NAME, r"nombre|primer nombre|nome|primeiro nome|prenume|voornaam|roepnaam|fornamn|fornavn|etunimi"),
    (Role.FIRST_NAME, r"imie|jmeno|krstni|keresztnev|isim|имя|імя|ονομα"),
    (Role.LAST_NAME, r"nom(?: de famille)?|apellidos?|cognome|sobrenome|apelido|achternaam|efternamn|e[ft]ternavn"),
    (Role.LAST_NAME, r"familienname|nazwisko|prijmeni|priezvisko|soy ?ad[iı]?|soyisim|vezeteknev|sukunimi"),
    (Role.LAST_NAME, r"фамилия|прізвище"),
    (Role.FULL_NAME, r"nom complet|nombre completo|nome completo|vollstandiger name|volledige naam|ad soyad"),
    (Role.BIRTHDAY, r"geburts(?:tag|datum)|date de naissance|fecha de nacimiento|cumpleanos|data de nascimento"),
    (Role.BIRTHDAY, r"data di nascita|compleanno|geboortedatum|dogum tarihi|data urodzenia|fodelsedag|fodselsdag"),
    (Role.JOB, r"beruf|stellung|profesion|profissao|professione|beroep|zawod|meslek"),
    (Role.COMPANY, r"firma|firmenname|unternehmen|entreprise|societe|empresa|azienda|bedrijf|foretag|sirket"),
    (Role.ADDRESS, r"adresse|anschrift|stra(?:ss|ß)e|stadt|ort|wohnort|plz|postleitzahl|bundesland|ville|rue|pays"),
    (Role.ADDRESS, r"code postal|direccion|ciudad|calle|codigo postal|provincia|pais|endereco|cidade|rua"),
    (Role.ADDRESS, r"codice postale|indirizzo|citta|adres|straat|woonplaats|stad|miasto|ulica|kod pocztowy"),
    (Role.ADDRESS, r"sehir|ulke|mesto|psc"),
    (Role.PHONE, r"telephone|telefon(?:nummer)?|telefono|telefone|telefoon(?:nummer)?|rufnummer|handy(?:nummer)?"),
    (Role.PHONE, r"mobil(?:nummer|telefon)?|movil|celular|cellulare|numer telefonu|telefon numarasi"),
    (Role.MEMBERSHIP, r"mitgliedschaft|kundenstatus|mitgliedsstatus"),
    (Role.BALANCE, r"punkte|punktestand|guthaben|puntos|pontos|punti|punten|puan|saldo"),
    (Role.PREFERENCE, r"preferred ?(?:stores?|shop|branch|colou?r|brand|size|style|topic).*|lieblings.*"),
)
"""The same in other languages, without accents; words that mean something else in another are left out (kind, via)."""
_PATTERNS = tuple((role, re.compile(pattern)) for role, pattern in (*_WORDS, *_ABROAD))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _bare(name: str) -> str:
    """A name's words, small and without accents: `Prénom_client` is `prenom client`."""
    plain = unicodedata.normalize("NFKD", _CAMEL.sub(" ", name.rsplit(".", 1)[-1])).casefold()
    return " ".join(re.split(r"[\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))).strip()


def role_of(column: str, label: str = "") -> Role:
    """The role of a column by its name, else by its human label; OTHER when neither tells."""
    for name in (column, label):
        words = _bare(name)
        for role, pattern in _PATTERNS:
            if words and pattern.fullmatch(words):
                return role
    return Role.OTHER


def half_lives(freshness: Mapping[str, timedelta]) -> dict[Role, int | None]:
    """Presend's half-lives with the user's own (`[freshness]`) over them. Raises ValueError for an unknown kind."""
    found = dict(HALF_LIFE_DAYS)
    for word, age in freshness.items():
        if word not in {role.value for role in Role}:
            near = get_close_matches(word, [role.value for role in Role], n=1)
            raise ValueError(f"{word!r} is no kind of fact" + (f"; did you mean {near[0]}?" if near else ""))
        found[Role(word)] = age.days
    return found
