"""What `[facts.<account>]` maps: facts that there are, from properties that the account has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from difflib import get_close_matches

from presend.audience.schema import FACTS, as_of_target
from presend.errors import UsageError
from presend.inventory import Inventory
from presend.model import Field, Gap, Platform, Vocabulary
from presend.settings import Settings


def checked(account: str, mapped: Mapping[str, str]) -> Mapping[str, str]:
    """The mapping as it is. Raises UsageError for a name that is no fact: it would do nothing, without a word."""
    for name, source in mapped.items():
        if not source.strip():
            raise UsageError(
                f"[facts.{account}] {name} names no property",
                help="Write the property's name, or take the line out of presend.toml.",
            )
        if name not in FACTS and as_of_target(name) is None:
            near = get_close_matches(name, FACTS, n=1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise UsageError(
                f"[facts.{account}] has {name}, which is no fact{meant}", help="docs/facts.md lists all that there are."
            )
    return mapped


def strangers(settings: Settings) -> list[str]:
    """A sentence for each [facts.<account>] and [defaults.<account>] that is about no account: it does nothing.

    The platforms' own names are always good: they are for templates on disk.
    """
    known = sorted({account.name for account in settings.accounts} | {one.value for one in Platform})
    said = []
    for table, given in (("facts", settings.file.facts), ("defaults", settings.file.defaults)):
        for name in given:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                meant = f" (did you mean {near[0]}?)" if near else ""
                said.append(f"[{table}.{name}] names no configured account{meant}")
    return said


def all_checked(settings: Settings) -> None:
    """Before any account is asked: raises UsageError for a table of no account, or a name that is no fact."""
    if said := strangers(settings):
        names = ", ".join(account.name for account in settings.accounts)
        raise UsageError("; ".join(said), help=f"Configured: {names}. Mend the name in presend.toml.")
    for name, mapped in settings.file.facts.items():
        checked(name, mapped)


def nowhere(
    account: str, platform: Platform, mapped: Mapping[str, str], vocabularies: Collection[Vocabulary]
) -> str | None:
    """What to say of mapped properties that none of these vocabularies has; None where all are there.

    Also None where a vocabulary may be incomplete: then nobody can say what is not there. Klaviyo has no schema, so
    there the names that were seen on people are the vocabulary.
    """
    if not vocabularies or not all(words.complete for words in vocabularies):
        return None
    names = {name for words in vocabularies for field in words.fields for name in field.all_names}
    shown = {word.casefold() for words in vocabularies for field in words.fields for word in (field.tag, field.label)}
    folded = shown if platform is not Platform.KLAVIYO else frozenset()
    missing = [
        f"{fact} to {name!r}" for fact, name in mapped.items() if name not in names and name.casefold() not in folded
    ]
    if not missing:
        return None
    several = len(missing) > 1
    what, facts = ("those properties were", "those facts") if several else ("that property was", "that fact")
    return (
        f"[facts.{account}] maps {', '.join(missing)}, and {what} found nowhere in what was read of this account: "
        f"nothing is known of {facts}. "
        "Mend the name in presend.toml, or take the line out."
    )


def nowhere_in_account(
    account: str,
    platform: Platform,
    mapped: Mapping[str, str],
    vocabularies: Collection[Vocabulary],
    inventory: Inventory,
) -> str | None:
    """As `nowhere`, where every contact was read: a flow whose people nobody can tell then leaves nothing open."""
    if isinstance(inventory.contacts, Gap) or not inventory.fields:
        return None
    if platform is not Platform.KLAVIYO and not any(words.complete for words in vocabularies):
        # Who has a schema that could not be read was perhaps not asked for all properties.
        return None
    seen = Vocabulary(fields=tuple(Field(name) for name in inventory.fields), complete=True)
    return nowhere(account, platform, mapped, [seen, *(replace(words, complete=True) for words in vocabularies)])
