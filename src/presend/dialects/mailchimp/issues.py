"""The sentences about what is wrong with a Mailchimp template, in neutral words with the right tag beside them."""

from __future__ import annotations

import difflib
import re

from presend.dialects.base import Issue, IssueKind
from presend.dialects.mailchimp import catalogue
from presend.dialects.mailchimp.blocks import Fault
from presend.dialects.mailchimp.conditions import number
from presend.dialects.mailchimp.lexer import CONDITIONS, Tag, TagKind
from presend.dialects.mailchimp.names import Group, Names
from presend.dialects.shadow import why_unseen
from presend.model import Gap, Part

_ARGUMENT = re.compile(r"^[A-Za-z0-9_]+\s*[:|,=?\s]+\s*(?:(?:fallback|default)\s*[:=]\s*)?(?P<text>.*)$", re.DOTALL)


def normal(tag: Tag) -> str:
    """The tag with runs of white space collapsed."""
    return f"*|{' '.join(tag.body.split())}|*"


def issue(kind: IssueKind, tag: Tag, says: str, fix: str, *, meant: str = "", certain: bool = True) -> Issue:
    """An issue at a tag."""
    return Issue(kind, tag.span, tag.source, says, fix, certain=certain, normal=normal(tag), meant=meant)


def _with_argument(tag: Tag, names: Names) -> Issue | None:
    """A tag with a colon inside whose head is a word of Mailchimp's own, or nearly."""
    head, colon, rest = tag.body.partition(":")
    if not colon or tag.kind in CONDITIONS or tag.body in catalogue.NOT_REAL:
        return None
    close = difflib.get_close_matches(head.upper(), sorted(catalogue.FILTERS), 1, 0.75)
    if close and head not in catalogue.FILTERS and names.find(rest) is not None:
        meant = f"*|{close[0]}:{rest}|*"
        says = f"Mailchimp has no modifier {head}, so the tag will print literally or vanish."
        return issue(IssueKind.UNKNOWN_NAME, tag, says, f"Write {meant}.", meant=meant)
    own = [known for known in catalogue.SYSTEM if known.startswith(f"{head}:")]
    if own:
        near = difflib.get_close_matches(tag.body, own, 1, 0.85)
        says = f"presend knows no tag {tag.body} of Mailchimp's; if there is none, it will print literally or vanish."
        fix = f"Write *|{near[0]}|*." if near else f"Use one of Mailchimp's own, such as *|{own[0]}|*."
        return issue(IssueKind.UNKNOWN_NAME, tag, says, fix, certain=False, meant=f"*|{near[0]}|*" if near else "")
    if head in catalogue.SYSTEM:
        says = f"Nothing is documented to stand behind a colon in *|{head}|*: the tag may print literally or vanish."
        return issue(IssueKind.UNKNOWN_NAME, tag, says, f"Write *|{head}|*.", certain=False, meant=f"*|{head}|*")
    return None


def unknown_name(tag: Tag, names: Names) -> Issue:
    """A name that no field of the account answers to."""
    if found := _with_argument(tag, names):
        return found
    certain = not names.possible(tag.name)
    other = tag.fix.strip("*|") if tag.kind is TagKind.NONSENSE else names.meant(tag.name)
    other = "" if other == tag.name else other  # a usual field that this audience happens not to have
    meant = _renamed(tag, other) if other else ""
    becomes = (
        "nobody can say which way the condition goes"
        if tag.kind in CONDITIONS
        else "the tag will print literally or vanish"
    )
    if not tag.name.strip():
        says = f"The tag names nothing, so {becomes}."
    elif names.find(tag.name.strip()) is not None:
        says = f"Merge tags do not forgive a space: no field is called “{tag.name}”, so {becomes}."
    elif other and other.casefold() == tag.name.casefold():
        says = f"Merge tags are case sensitive: no field is called {tag.name}, so {becomes}."
    elif certain:
        says = f"No field of this audience and no tag of Mailchimp is called {tag.name.strip()}, so {becomes}."
    else:
        says = f"None of the fields that presend knows of is called {tag.name}; if there is none, {becomes}."
    fix = f"Write {meant}." if meant else "Use one of the audience's fields, or create this one."
    return issue(IssueKind.UNKNOWN_NAME, tag, says, fix, meant=meant, certain=certain)


def _renamed(tag: Tag, name: str) -> str:
    if tag.kind in CONDITIONS:
        return f"*|{tag.kind.name}:{name}{tag.op}{tag.value}|*"
    return f"*|{tag.filter}:{name}|*" if tag.filter else f"*|{name}|*"


def inline_default(tag: Tag) -> Issue:
    """`*|FNAME:friend|*`: a fallback in a place where Mailchimp has none."""
    found = _ARGUMENT.match(tag.body)
    text = found["text"].strip("\"'“”‘’ ") if found else "…"
    meant = f"*|IF:{tag.name}|**|{tag.name}|**|ELSE:|*{text}*|END:IF|*"
    says = "Mailchimp has no inline default: the tag will print literally or vanish."
    fix = f"Set a default value for {tag.name} in the audience's field settings, or write {meant}."
    return issue(IssueKind.EMPTY_FALLBACK, tag, says, fix, meant=meant)


def blank_default(tag: Tag) -> Issue:
    """A field whose default value is white space."""
    says = f"The default value of {tag.name} is white space, so whoever has no value reads nothing there."
    return issue(IssueKind.EMPTY_FALLBACK, tag, says, f"Give {tag.name} a default value that can be read.")


def broken(tag: Tag) -> Issue:
    """A tag with both delimiters in place that something inside keeps from being one."""
    says = f"Mailchimp does not know this tag, because {why_unseen(tag.body)}: it will print literally or vanish."
    fix = f"Delete it and type {tag.fix} in one go, without formatting."
    entity_only = re.search(r"&[lg]t;", tag.body) is not None and "<" not in tag.body
    return issue(IssueKind.BROKEN_TAG, tag, says, fix, meant=tag.fix, certain=not entity_only)


def misspelt(tag: Tag) -> Issue:
    """A control tag that is none."""
    says = f"{tag.wrong[0].upper()}{tag.wrong[1:]}: the block is broken, and what prints is anybody's guess."
    fix = f"Write {tag.fix}." if tag.fix else "Write it as Mailchimp's help does, one condition a tag."
    return issue(IssueKind.SYNTAX, tag, says, fix, meant=tag.fix)


def fault(found: Fault) -> Issue:
    """Blocks that do not fit into each other."""
    return issue(IssueKind.SYNTAX, found.tag, found.says, found.fix)


def unknown_group(tag: Tag, group: Group, names: Names) -> Issue:
    """A group title or name that the audience does not have."""
    groups = names.vocabulary.groups
    known = {} if isinstance(groups, Gap) else groups
    wrong = ", ".join(group.strangers) if group.known_title else group.title
    pool = list(known[group.title]) if group.known_title else list(known)
    close = Names.closest(group.strangers[0] if group.known_title else group.title, pool)
    what = "group" if group.known_title else "group title"
    says = f"The audience has no {what} “{wrong}”: the preview complains, the sent mail drops the block in silence."
    meant = f"*|INTERESTED:{tag.name.replace(group.strangers[0] if group.known_title else group.title, close, 1)}|*"
    fix = f"Write {meant}." if close else f"Use one of the audience's: {', '.join(pool) or 'there is none'}."
    return issue(IssueKind.UNKNOWN_GROUP, tag, says, fix, meant=meant if close else "")


def unreliable_place(tag: Tag, part: Part) -> Issue:
    """A tag in the sender's name or address, a condition in the subject."""
    if part is Part.SUBJECT:
        says = "Sources disagree whether conditions work in a subject: some or all may read the tags themselves."
        fix = "Put the condition into the text, and keep the subject to plain fields with default values."
    else:
        says = "Merge tags in the sender's name or address are not filled in per recipient by any documented rule."
        fix = "Write the sender's name and address out."
    return issue(IssueKind.UNRELIABLE, tag, says, fix)


def order_on_text(tag: Tag, type_: str) -> Issue:
    """`<` or `>` on a field that is not a number."""
    if type_ in ("date", "birthday"):
        says = f"{tag.name} is a {type_} field, and how {tag.op} compares dates is not documented."
        fix = f"Send it to a segment by {tag.name} instead, or compare with =."
        return issue(IssueKind.UNRELIABLE, tag, says, fix, certain=False)
    says = f"{tag.name} is a {type_} field, and {tag.op} compares reliably on number fields only."
    return issue(IssueKind.UNRELIABLE, tag, says, f"Make {tag.name} a number field, or compare with =.", certain=False)


def no_number(tag: Tag) -> Issue:
    """A number field is ordered against something that is no number: `1,000`."""
    plain = re.sub(r"[,'’\s_]", "", tag.value.strip("\"'“”‘’ "))
    meant = f"*|{tag.kind.name}:{tag.name} {tag.op} {plain}|*" if number(plain) is not None else ""
    says = f"“{tag.value}” is no plain number, and what {tag.op} makes of it is not documented."
    fix = f"Write {meant}." if meant else "Compare with a plain number, such as 1000."
    return issue(IssueKind.UNRELIABLE, tag, says, fix, certain=False, meant=meant)


def empty_branch(tag: Tag) -> Issue:
    """An IF with nothing before its ELSE."""
    says = "Nothing stands between the condition and its *|ELSE:|*, which Mailchimp has refused as invalid content."
    fix = f"Turn it round: *|{'IF' if tag.kind is TagKind.IFNOT else 'IFNOT'}:{tag.name}{tag.op}{tag.value}|*…"
    return issue(IssueKind.UNRELIABLE, tag, says, f"{fix}*|END:IF|*.", certain=False)


def no_item(tag: Tag, block: str) -> Issue:
    """A detail of one post of a feed, in a part that has no block of its posts."""
    says = f"{tag.source} tells of one post, and no *|{block}:|* stands here: which post it takes is not documented."
    fix = f"Put it between *|{block}:|* and *|END:{block}|*."
    return issue(IssueKind.UNRELIABLE, tag, says, fix, certain=False)


def no_order(tag: Tag) -> Issue:
    """Data of an order or cart, which only an automation has."""
    says = "Only an automation started by an order or a cart has this data; in a campaign it prints nothing or itself."
    return issue(IssueKind.EVENT_DATA, tag, says, "Delete it, or send this from the automation.", certain=False)
