"""Templates on disk as campaigns, and an audience file as their recipients, so that they are judged like any other."""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from presend.audience import native
from presend.audience.casting import CASTS
from presend.audience.duck import DuckAudience
from presend.audience.files import AudienceFile
from presend.audience.people import Naming
from presend.audience.schema import FACTS, NOBODY_BORN, FactType, fact, named
from presend.audience.snapshot import Snapshot
from presend.dialects import dialect_for
from presend.engine import CampaignResult, Parsed, Request, Unchecked, columns_of, examine, parse, used_columns
from presend.errors import NothingSelected, UsageError
from presend.model import (
    AudienceRef,
    Campaign,
    CampaignRef,
    Field,
    Finding,
    Gap,
    Kind,
    Known,
    ListRef,
    Message,
    Part,
    Platform,
    Schedule,
    State,
    Strategy,
    UncheckedKind,
    Vocabulary,
)
from presend.model.counting import many

FILES = "files"
"""Key of `Message.options`: which file a part was read from, by the part's word."""

SUFFIXES = (".html", ".htm", ".txt")
"""What a folder given as TEMPLATE is searched for."""

_MAILCHIMP_TAG = re.compile(r"[A-Z][A-Z0-9_]*")
_FIELDS_HELP = 'Write [{"tag": "FNAME", "name": "First name", "type": "text", "required": false, "default": ""}].'
_NO_FACT: Mapping[FactType, str] = {
    FactType.TIME: "no time as ISO 8601 writes it",
    FactType.DATE: f"a birthday of {NOBODY_BORN} or before, or no date",
    FactType.NUMBER: "no number of 0 or more",
    FactType.FLAG: "neither true nor false",
    FactType.LIST: "no list",
    FactType.TEXT: "no time zone that exists",
}
"""What a value is that no fact of a kind can be read from; a column that dates another one holds times."""
_OF_THE_PAST = ("birthday", "last_order_at")
"""Facts that nobody can have from a day that is to come (docs/facts.md)."""
_LEFT_OUT = ", taken for none there (docs/facts.md, “Values that cannot be”); the other rows are used"
_NO_TIME = Gap("a template on disk has no send time")


@dataclass(frozen=True, slots=True)
class Given:
    """Parts that the command line gives beside the template, and when it would be sent."""

    subject: str | None = None
    preview_text: str | None = None
    from_name: str | None = None
    text: Path | None = None
    send_at: datetime | None = None


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `--fields`; `merge_id` is Mailchimp's number of the field (MERGE1)."""

    tag: str
    name: str = ""
    type: str = "text"
    required: bool = False
    default: str | None = None
    merge_id: int | None = None


def find(templates: Sequence[str]) -> list[Path]:
    """The template files that are meant: files, folders (searched) and patterns, each file once.

    Raises NothingSelected when nothing matches, and UsageError for a plain path that is not there.
    """
    found: dict[Path, None] = {}
    for word in templates:
        path = Path(word)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            found |= dict.fromkeys(inside)
        elif path.exists():
            found[path] = None
        elif glob.has_magic(word):
            matches = sorted(glob.glob(word, recursive=True))  # noqa: PTH207 - a pattern may be absolute
            found |= dict.fromkeys(Path(p) for p in matches if Path(p).is_file())
        else:
            raise UsageError(f"there is no template {word}", help="Check the path.")
    if not found:
        raise NothingSelected(
            "no template matched", help=f"Name a file, a pattern, or a folder that holds {', '.join(SUFFIXES)} files."
        )
    return list(found)


def text_of(path: Path) -> str:
    """A template's source, its line ends kept. Raises UsageError when it cannot be read as UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or error
        raise UsageError(f"{path} cannot be read: {why}", help="Check the path and its rights.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start})", help="Save it as UTF-8.") from error


def fields_of(path: Path, platform: Platform) -> tuple[Field, ...]:
    """The fields of `--fields`. Raises UsageError when the file is not a list of fields."""
    try:
        written = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
        entries = msgspec.convert(written, list[_Entry])
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", help="Check the path.") from error
    except msgspec.ValidationError as error:
        raise UsageError(f"{path} is not a list of fields: {error}", help=_FIELDS_HELP) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not JSON: {error}", help=_FIELDS_HELP) from error
    return tuple(_field(entry, platform) for entry in entries)


def _field(entry: _Entry, platform: Platform) -> Field:
    default: Known[str] | Gap = Gap("the list of fields tells no default")
    if entry.default is not None or platform is Platform.MAILCHIMP:
        default = Known(entry.default or "")  # Mailchimp states every field's default, be it empty
    tag = column_namer(platform, Vocabulary())(entry.tag)
    numbered = () if entry.merge_id is None else (f"MERGE{entry.merge_id}", f"MMERGE{entry.merge_id}")
    return Field(tag, (tag, *numbered), entry.name, entry.type, entry.required, default)


def column_namer(platform: Platform, vocabulary: Vocabulary, wanted: Collection[str] = ()) -> Callable[[str], str]:
    """From a name in a file, as a template would write it or as its field is labelled, to the audience column."""
    dialect = dialect_for(platform)
    labels = {f.label: f.tag for f in vocabulary.fields if f.label}

    def column(name: str) -> str:
        if name in wanted:
            return name
        if f"INTERESTED:{name}" in wanted:
            return f"INTERESTED:{name}"
        if name in labels:
            return labels[name]
        if platform is Platform.KLAVIYO and "." in name and not name.startswith("person."):
            return name  # a property's name may hold a full stop, and `location.city` is a column already
        return dialect.column(name, vocabulary)

    return column


def vocabulary_of(
    platform: Platform,
    fields: Sequence[Field] | None,
    names: Collection[str],
    defaults: Mapping[str, str],
    *,
    seen: bool = False,
) -> Vocabulary:
    """What the templates may say: the given fields, else the columns of the audience file (`seen`), else anything.

    Klaviyo has no list of properties, so there the file's columns count beside the given fields.
    """
    found = list(fields or ())
    known = {name for f in found for name in f.all_names}
    if fields is None or platform is Platform.KLAVIYO:
        found += [_seen(name, platform) for name in sorted(names) if name not in known and _possible(name, platform)]
    else:
        found += [Field(name) for name in sorted(names) if name.startswith("INTERESTED:")]
    if fields is None and seen and platform is Platform.HUBSPOT:
        from presend.dialects.hubspot.catalogue import STANDARD_PROPERTIES

        held = {f.tag for f in found}
        found += [Field(name) for name in sorted(STANDARD_PROPERTIES - held)]
    complete = fields is not None or (seen and bool(names))
    return Vocabulary(tuple(found), complete, defaults=dict(defaults))


def _possible(name: str, platform: Platform) -> bool:
    if platform is not Platform.MAILCHIMP or name.startswith("INTERESTED:"):
        return True
    return _MAILCHIMP_TAG.fullmatch(name) is not None


def _seen(name: str, platform: Platform) -> Field:
    """A field that the audience file has a column for. That Mailchimp's default is empty is said in `unsure`."""
    return Field(name, default=Known("")) if platform is Platform.MAILCHIMP else Field(name)


def campaign_of(path: Path, platform: Platform, given: Given, vocabulary: Vocabulary) -> Campaign:
    """One template as a campaign; its id is the file's name. Raises UsageError when a file cannot be read."""
    own = Part.TEXT if path.suffix.lower() == ".txt" else Part.HTML
    parts: dict[Part, str | Gap] = {own: text_of(path)}
    files = {own.value: path.as_posix()}
    words = {Part.SUBJECT: given.subject, Part.PREVIEW_TEXT: given.preview_text, Part.FROM_NAME: given.from_name}
    parts |= {part: word for part, word in words.items() if word is not None}
    if given.text is not None and own is Part.HTML:
        parts[Part.TEXT] = text_of(given.text)
        files[Part.TEXT.value] = given.text.as_posix()
    when: datetime | Gap = given.send_at or _NO_TIME
    written = "\x1f".join(f"{part}\x1e{source}" for part, source in sorted(parts.items()))
    return Campaign(
        ref=CampaignRef(platform, platform.value, Kind.TEMPLATE, path.name, path.as_posix()),
        state=State.UNKNOWN,
        native_state="a template on disk",
        schedule=Schedule(Strategy.STATIC, when, when, Gap("a template on disk is not scheduled")),
        messages=(Message("A", "A", parts, {FILES: files, "programmable": None}),),
        audience=AudienceRef((ListRef("file", "unknown", "the audience file"),), key="file"),
        revision=hashlib.sha256(written.encode()).hexdigest()[:16],
        vocabulary=vocabulary,
    )


@dataclass(frozen=True, slots=True)
class Bench:
    """Templates with their recipients, ready to be read or judged."""

    campaigns: tuple[Campaign, ...]
    parsed: tuple[Parsed, ...]
    audience: DuckAudience | None
    file: AudienceFile | None
    notes: tuple[tuple[UncheckedKind, int | None, str], ...] = ()
    """What could not be looked at, or is not sure: kind, how many people, sentence."""
    meant: Mapping[str, str] = field(default_factory=dict)
    """Columns that the templates read and the file lacks, with the file's heading that was probably meant."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the file's headings were taken for, and which of them look like slips; one sentence each."""
        if self.file is None:
            return ()
        name = self.file.path.name
        taken = [f"{name}: the column “{key}” is taken for {column}" for key, column in self.file.taken.items()]
        taken += [
            f"{name}: {column} is read as text: {many(count, 'value')} in it {'is' if count == 1 else 'are'} no "
            f"{self.file.types[column]}, which --fields says that it holds"
            for column, count in self.file.texts.items()
        ]
        return (*taken, *(f"{name} {_lacks(column, key)}" for column, key in self.meant.items()))


@dataclass(frozen=True, slots=True)
class Setting:
    """Whose templates these are, and what is known of the account."""

    platform: Platform
    given: Given = field(default_factory=Given)
    fields: tuple[Field, ...] | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def prepared(paths: Sequence[Path], setting: Setting, people: Path | None, request: Request) -> Iterator[Bench]:
    """The templates with their recipients, whose copy on disk goes when the context ends.

    Raises UsageError for a template and AudienceFileError for an audience file that cannot be read.
    """
    platform = setting.platform
    base = vocabulary_of(platform, setting.fields, (), setting.defaults)
    campaigns = [campaign_of(path, platform, setting.given, base) for path in paths]
    parsed = tuple(parse(campaign) for campaign in campaigns)
    if people is None:
        yield Bench(tuple(campaigns), parsed, None, None)
        return
    columns = frozenset().union(*(columns_of(c, p) for c, p in zip(campaigns, parsed, strict=True)))
    naming = Naming(platform, column_namer(platform, base, columns), setting.facts, null_is_absent(platform))
    file = AudienceFile(people, naming, _types(setting))
    with Snapshot(columns, memory_limit=request.memory_limit) as snapshot:
        for batch in file.batches(columns):
            snapshot.add(batch)
            request.progress(people.name, file.rows)
        audience = snapshot.finish()
        words = vocabulary_of(platform, setting.fields, snapshot.names, setting.defaults, seen=True)
        campaigns = [replace(c, vocabulary=words) for c in campaigns]
        used = frozenset().union(*(used_columns(c, p) for c, p in zip(campaigns, parsed, strict=True)))
        lacking = {c for c in used - snapshot.names if c.casefold() not in native.EMAILS}
        meant = native.nearly(platform, snapshot.names, lacking)
        notes = tuple(unsure(file, audience, setting, words, request.as_of))
        yield Bench(tuple(campaigns), parsed, audience, file, notes, meant)


def _types(setting: Setting) -> Mapping[str, str]:
    """What the texts of a CSV file are, where the platform keeps a type with each value and not with the field."""
    if setting.platform is not Platform.KLAVIYO:
        return {}
    return {one.tag: one.type for one in setting.fields or () if one.type in CASTS}


def _lacks(column: str, heading: str) -> str:
    return f"has no column {column}; did you mean its column “{heading}”?"


def null_is_absent(platform: Platform) -> Callable[[str], bool]:
    """Of which columns a null is no value: Klaviyo's own attributes, all of HubSpot's; Mailchimp's dialect knows."""
    match platform:
        case Platform.KLAVIYO:
            from presend.dialects.klaviyo.names import NOT_CUSTOM

            return NOT_CUSTOM.__contains__
        case Platform.HUBSPOT:
            return lambda _column: True
        case Platform.MAILCHIMP:
            return lambda _column: False


def unsure(
    file: AudienceFile, audience: DuckAudience, setting: Setting, vocabulary: Vocabulary, as_of: datetime
) -> Iterator[tuple[UncheckedKind, int | None, str]]:
    """What of the file could not be read, and what it cannot tell."""
    name = file.path.name
    if file.lost:
        yield UncheckedKind.FAILED, file.lost, file.trouble()
    if not file.rows and not file.lost:
        yield UncheckedKind.FAILED, 0, f"{name} holds no people, so there is nobody to read the template for"
    elif not audience.size:
        yield UncheckedKind.UNKNOWABLE, 0, f"nobody in {name} would be mailed, so nothing can be said of readers"
    again = file.rows - audience.size - audience.suppressed
    if again > 0:
        yield (
            UncheckedKind.FAILED,
            again,
            f"{name}: {again:,} rows repeat an earlier id and were not read; give each person an id of their own",
        )
    for column, count in sorted(file.odd.items()):
        yield UncheckedKind.UNKNOWABLE, count, f"{name}: {_none(column, count, file.rows, setting.facts)}"
    # The day of whoever is furthest ahead may have begun.
    ahead = (as_of.date() + timedelta(days=2)).isoformat()
    for known in _OF_THE_PAST:
        if fact(known) in audience.columns and (
            count := audience.count(audience.day_between(fact(known), ahead, None))
        ):
            here = f"{known} holds a day that is to come in {count:,} of {many(file.rows, 'row')}"
            yield UncheckedKind.UNKNOWABLE, count, f"{name}: {here}{_LEFT_OUT}"
    if setting.platform is Platform.MAILCHIMP and setting.fields is None and vocabulary.fields:
        why = "an audience file does not tell the defaults of Mailchimp's fields; they are taken to be empty"
        yield UncheckedKind.UNKNOWABLE, None, f"{why} (--fields says otherwise)"


def _none(column: str, count: int, rows: int, facts: Mapping[str, str]) -> str:
    """What is said of values that stand where a fact should be and are none: how many, and what would be one."""
    mapped = (FACTS[fact] for fact, name in facts.items() if name == column and fact in FACTS)
    kind = FACTS.get(column) or next(mapped, None) or FACTS.get(named(column) or "", FactType.TIME)
    here = f"{column} holds {_NO_FACT[kind]} in {count:,} of {many(rows, 'row')}"
    return f"{here}{_LEFT_OUT}"


def judged(bench: Bench, request: Request) -> Iterator[CampaignResult]:
    """Every template, judged, with what of the audience file could not be looked at."""
    for campaign, templates in zip(bench.campaigns, bench.parsed, strict=True):
        result = examine(campaign, templates, bench.audience, request)
        ref = campaign.ref
        notes = tuple(
            Unchecked(ref.platform.value, ref.account, ref.id, "", kind, count, why) for kind, count, why in bench.notes
        )
        coverage = "partial" if any(n.kind is UncheckedKind.FAILED for n in notes) else result.coverage
        findings = tuple(_hinted(bench, one) for one in result.findings)
        yield replace(result, findings=findings, unchecked=(*notes, *result.unchecked), coverage=coverage)


def _hinted(bench: Bench, finding: Finding) -> Finding:
    """The finding, with a word on the file's heading where its tag reads a column that the file does not have."""
    for column, heading in bench.meant.items():
        if bench.file is not None and re.search(rf"(?<!\w){re.escape(column)}(?!\w)", finding.snippet):
            hint = f"{bench.file.path.name} {_lacks(column, heading)}"
            return replace(finding, fix=f"{hint} {finding.fix}".strip())
    return finding
