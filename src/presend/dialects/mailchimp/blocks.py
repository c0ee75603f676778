"""From a flat list of tags to blocks that open and close, and what is wrong with how they do.

Recovery is generous, so that one slip of the pen is one fault: a misspelt closer closes, a forgotten one is taken to
stand at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from presend.dialects.base import Span
from presend.dialects.mailchimp import catalogue
from presend.dialects.mailchimp.lexer import OPENERS, Tag, TagKind

DEPTH = 60
"""Blocks inside each other; more is an accident, and would exhaust whoever walks the tree."""


@dataclass
class Branch:
    """An opener, ELSEIF or ELSE with what follows it."""

    tag: Tag
    items: list[Tag | Block] = field(default_factory=list)


@dataclass
class Block:
    """IF/IFNOT, INTERESTED or a block of Mailchimp's own, from its opener to its closer."""

    branches: list[Branch]
    end: Tag | None = None
    damage: str = ""
    """Why nobody can say what the block prints; empty when it is sound."""

    @property
    def opener(self) -> Tag:
        """The tag that opened it."""
        return self.branches[0].tag

    @property
    def closer(self) -> str:
        """What its END has to name."""
        if self.opener.kind in (TagKind.IF, TagKind.IFNOT):
            return "IF"
        return "INTERESTED" if self.opener.kind is TagKind.INTERESTED else self.opener.name


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the structure at a tag."""

    tag: Tag
    says: str
    fix: str


@dataclass
class Structure:
    """The outermost items of a part and its structural faults."""

    items: list[Tag | Block]
    faults: list[Fault]


class _Stack:
    """Builds the tree."""

    def __init__(self, tags: list[Tag], source: str) -> None:
        self.items: list[Tag | Block] = []
        self.open: list[Block] = []
        self.faults: list[Fault] = []
        self.regions = _regions(source) if "mc:edit" in source else []
        closers = [tag.name for tag in tags if tag.kind is TagKind.END]
        self.closers = {name: closers.count(name) for name in set(closers)}

    def here(self) -> list[Tag | Block]:
        return self.open[-1].branches[-1].items if self.open else self.items

    def push(self, tag: Tag) -> None:
        if len(self.open) >= DEPTH:
            self.harm(self.open[0], tag, "Conditions are nested too deeply to be read.", "Nest fewer conditions.")
            self.here().append(tag)
            return
        block = Block([Branch(tag)])
        self.here().append(block)
        self.open.append(block)

    def branch(self, tag: Tag) -> None:
        block = self.open[-1] if self.open else None
        if block is None or block.opener.kind not in OPENERS:
            self.faults.append(Fault(tag, f"{tag.source} stands outside any condition.", "Delete it."))
            self.here().append(tag)
            return
        if block.opener.kind is TagKind.INTERESTED and tag.kind is TagKind.ELSEIF:
            self.harm(block, tag, "A block of groups has no ELSEIF.", "Nest a condition behind *|ELSE:|*.")
        elif block.branches[-1].tag.kind is TagKind.ELSE:
            self.harm(
                block, tag, f"{tag.source} follows *|ELSE:|* in the same condition.", "Keep one ELSE, at the end."
            )
        block.branches.append(Branch(tag))

    def harm(self, block: Block, tag: Tag, says: str, fix: str) -> None:
        block.damage = block.damage or says
        self.faults.append(Fault(tag, says, fix))

    def close(self, tag: Tag) -> None:
        matching = [n for n, block in enumerate(self.open) if _closes(tag, block)]
        if not matching:
            self.faults.append(Fault(tag, f"{tag.source} closes nothing that is open.", "Delete it."))
            self.here().append(tag)
            return
        for block in self.open[matching[-1] + 1 :]:
            says = f"{block.opener.source} is still open where {tag.source} closes the block around it."
            self.harm(block, block.opener, says, f"Put *|END:{block.closer}|* before {tag.source}.")
        block = self.open[matching[-1]]
        block.end = tag
        del self.open[matching[-1] :]
        if self.region(block.opener.span) != self.region(tag.span):
            says = f"{block.opener.source} opens in one editable region and closes in another, which breaks it at send."
            self.harm(block, block.opener, says, "Open and close the condition inside the same mc:edit region.")

    def region(self, span: Span) -> int:
        inside = [n for n, region in enumerate(self.regions) if region.start <= span.start < region.end]
        return max(inside, key=lambda n: self.regions[n].start, default=-1)

    def finish(self) -> None:
        for block in self.open:
            says = f"{block.opener.source} is never closed: what follows is swallowed, or the mail shows an error."
            self.harm(block, block.opener, says, f"Put *|END:{block.closer}|* where the block should end.")

    def opens_own_block(self, tag: Tag) -> bool:
        if tag.kind is not TagKind.SYSTEM or tag.name not in catalogue.BLOCKS:
            return False
        if tag.name in catalogue.BLOCKS_NEEDING_END:
            return True
        return bool(self.closers.get(tag.name) or self.closers.get(""))


def _closes(tag: Tag, block: Block) -> bool:
    return tag.name == block.closer or (tag.name == "" and block.closer in catalogue.BLOCKS)


def structure_of(tags: list[Tag], source: str) -> Structure:
    """The blocks that the tags make, and the structural faults in source order; never raises."""
    stack = _Stack(tags, source)
    for tag in tags:
        if tag.kind in OPENERS or stack.opens_own_block(tag):
            stack.push(tag)
        elif tag.kind in (TagKind.ELSE, TagKind.ELSEIF):
            stack.branch(tag)
        elif tag.kind is TagKind.END:
            stack.close(tag)
        else:
            stack.here().append(tag)
    stack.finish()
    return Structure(stack.items, stack.faults)


_ELEMENT = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([a-zA-Z][\w:-]*)((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>", re.DOTALL)
_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"])


def _regions(source: str) -> list[Span]:
    """The extents of the elements with an mc:edit attribute."""
    found: list[Span] = []
    open_: list[tuple[str, int | None]] = []
    for element in _ELEMENT.finditer(source):
        name = (element[2] or "").lower()
        if not name or name in _VOID:
            continue
        if not element[1]:
            editable = re.search(r"\smc:edit\b", element[3]) is not None
            if not element[3].rstrip().endswith("/"):
                open_.append((name, element.end() if editable else None))
            continue
        depth = next((n for n in range(len(open_) - 1, -1, -1) if open_[n][0] == name), None)
        if depth is not None:
            found.extend(Span(start, element.start()) for _name, start in open_[depth:] if start is not None)
            del open_[depth:]
    found.extend(Span(start, len(source)) for _name, start in open_ if start is not None)
    return sorted(found)
