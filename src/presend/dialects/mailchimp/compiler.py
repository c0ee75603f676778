"""From tags to pieces: what prints, what chooses, and what is wrong, once the account's names are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from presend.audience.values import Row
from presend.dialects.base import (
    Arm,
    Choice,
    Comparison,
    Emit,
    Expression,
    Issue,
    Outcome,
    OutcomeKind,
    Piece,
    Scene,
    Span,
    Text,
    printed,
    unknown,
)
from presend.dialects.mailchimp import catalogue, issues
from presend.dialects.mailchimp.blocks import Block, Branch, Structure
from presend.dialects.mailchimp.conditions import FALSE, TRUE, Condition, Membership, literals, number
from presend.dialects.mailchimp.dates import php_date
from presend.dialects.mailchimp.lexer import CONTROLS, Tag, TagKind
from presend.dialects.mailchimp.names import Names
from presend.dialects.mailchimp.values import Printer, default_of, shower
from presend.model import Field, Gap, Kind, Part

_FIXED_PARTS = frozenset([Part.FROM_NAME, Part.REPLY_TO])
_BARE_TYPES = frozenset(["date", "birthday", "address"])
"""Types whose values of one class may come out as different kinds: never judged by class."""


def _constant(outcome: Outcome) -> Callable[[Row], Outcome]:
    def evaluate(_row: Row) -> Outcome:
        return outcome

    return evaluate


class Compiler:
    """Compiles one part."""

    def __init__(self, source: str, part: Part, names: Names, scene: Scene) -> None:
        self.source = source
        self.part = part
        self.names = names
        self.scene = scene
        self.issues: list[Issue] = []

    def compile(self, structure: Structure) -> tuple[Piece, ...]:
        """The pieces of the whole part; issues gather in `self.issues`."""
        self.issues.extend(issues.fault(found) for found in structure.faults)
        return self._pieces(structure.items, 0, len(self.source))

    def _pieces(self, items: Iterable[Tag | Block], start: int, end: int) -> tuple[Piece, ...]:
        out: list[Piece] = []
        for item in items:
            at = item.span.start if isinstance(item, Tag) else item.opener.span.start
            if start < at:
                out.append(Text(Span(start, at), self.source[start:at]))
            if isinstance(item, Tag):
                out.append(Emit(self._leaf(item)))
                start = item.span.end
            else:
                start = item.end.span.end if item.end else end
                out.append(self._block(item, Span(at, start)))
        if start < end:
            out.append(Text(Span(start, end), self.source[start:end]))
        return tuple(out)

    # ------------------------------------------------------------------------------------------ leaves

    def _expression(
        self,
        tag: Tag,
        evaluate: Callable[[Row], Outcome],
        columns: tuple[str, ...] = (),
        *,
        compares: tuple[Comparison, ...] = (),
        test: bool = False,
        effect: str = "",
    ) -> Expression:
        return Expression(
            tag.span,
            tag.source,
            issues.normal(tag),
            columns,
            evaluate,
            test=test,
            compares=compares,
            effect=effect,
        )

    def _unknown(self, tag: Tag, reason: str) -> Expression:
        return self._expression(tag, _constant(unknown(reason)))

    def _leaf(self, tag: Tag) -> Expression:
        if self.part in _FIXED_PARTS and tag.kind is TagKind.FIELD:
            self.issues.append(issues.unreliable_place(tag, self.part))
        match tag.kind:
            case TagKind.FIELD:
                return self._field(tag)
            case TagKind.SYSTEM:
                return self._system(tag)
            case TagKind.DATE | TagKind.YEAR:
                return self._expression(tag, _constant(self._date("Y" if tag.kind is TagKind.YEAR else tag.value)))
            case TagKind.EVENT:
                if self.scene.kind is not Kind.AUTOMATION:
                    self.issues.append(issues.no_order(tag))
                return self._unknown(tag, "only the platform knows the order or cart behind this tag")
            case TagKind.BROKEN:
                self.issues.append(issues.broken(tag))
                return self._unknown(tag, "a damaged tag will print literally or vanish")
            case TagKind.HALF:
                return self._unknown(tag, "what becomes of a tag around a tag, or across lines, is not documented")
            case TagKind.INLINE_DEFAULT if self._has(tag.name) or "|" in tag.body:
                self.issues.append(issues.inline_default(tag))
                return self._unknown(tag, "Mailchimp has no inline default; the tag will print literally or vanish")
            case kind if kind not in CONTROLS:
                self.issues.append(issues.unknown_name(tag, self.names))
        return self._unknown(tag, "an unknown tag will print literally or vanish")

    def _has(self, name: str) -> bool:
        return self.names.find(name) is not None or name in catalogue.DEFAULT_FIELDS

    def _system(self, tag: Tag) -> Expression:
        block = f"{tag.body.partition(':')[0]}S"
        if block in catalogue.POSTS and self.part in (Part.HTML, Part.TEXT) and block not in self.source:
            self.issues.append(issues.no_item(tag, block))
        text = self.names.vocabulary.constants.get(tag.body)
        if isinstance(text, str):
            return self._expression(tag, _constant(shower("", self.part)(text)))
        return self._expression(tag, _constant(Outcome(OutcomeKind.LITERAL, tag.source)), effect=tag.effect)

    def _date(self, letters: str) -> Outcome:
        try:
            zone = ZoneInfo(self.names.vocabulary.zone)
        except (KeyError, ValueError, OSError):
            return unknown("the account's time zone is not known")
        return printed(php_date(self.scene.now.astimezone(zone), letters))

    def _resolve(self, tag: Tag) -> Field | None:
        """The tag's field; one that an account not fully known may have is presumed, with an unknown default."""
        if (field := self.names.find(tag.name)) is not None:
            return field
        if self.names.unnumbered(tag.name):
            return Field(tag.name, default=Gap(f"which field is number {tag.name} the list of fields does not tell"))
        silent = self.names.possible(tag.name) and not self.names.vocabulary.fields
        usual = tag.name.rstrip("0123456789") in catalogue.DEFAULT_FIELDS  # PHONE2 is one more of the kind
        if not silent or (not usual and self.names.meant(tag.name)):
            self.issues.append(issues.unknown_name(tag, self.names))
        if not self.names.possible(tag.name):
            return None
        return Field(tag.name, default=Gap("the field is not described, so its default value is not known"))

    def _field(self, tag: Tag) -> Expression:
        field = self._resolve(tag)
        if field is None:
            return self._unknown(tag, "an unknown tag will print literally or vanish")
        default = default_of(field)
        fallback = default if isinstance(default, str) and default.strip() else None
        if isinstance(default, str) and default and fallback is None:
            self.issues.append(issues.blank_default(tag))
        evaluate: Callable[[Row], Outcome] = Printer(field.tag, field.type, default, shower(tag.filter, self.part))
        if self.part in _FIXED_PARTS:
            evaluate = _constant(unknown("merge tags in the sender's name or address are not filled in per recipient"))
        return Expression(
            tag.span,
            tag.source,
            issues.normal(tag),
            (field.tag,),
            evaluate,
            bare=tag.filter in ("", "HTML") and field.type not in _BARE_TYPES,
            fallback=fallback,
            fallback_place=(
                f"set a default value for {field.tag} in the audience's field settings, or write "
                f"*|IF:{tag.name}|*{tag.source}*|ELSE:|*…*|END:IF|*"
            ),
        )

    # ------------------------------------------------------------------------------------------ blocks

    def _block(self, block: Block, span: Span) -> Piece:
        bodies = self._bodies(block, span.end)
        damage = self._damage(block, bodies)
        if block.opener.kind is TagKind.SYSTEM:
            return self._own_block(block, span, bodies, damage)
        account = any(branch.tag.name in catalogue.ACCOUNT_CONDITIONS for branch in block.branches)
        if account and not damage and not _personal(pieces for _branch, pieces in bodies):
            return self._opaque(block, span)
        arms = []
        for branch, pieces in bodies:
            # Behind a damaged test nothing is certain, so that an else behind it needs no test of its own.
            test = None if branch.tag.kind is TagKind.ELSE else self._test(block, branch.tag, damage)
            arms.append(Arm(test, pieces))
        return Choice(span, tuple(arms))

    def _bodies(self, block: Block, end: int) -> list[tuple[Branch, tuple[Piece, ...]]]:
        inner_end = block.end.span.start if block.end else end
        edges = [*(branch.tag.span.start for branch in block.branches[1:]), inner_end]
        return [
            (branch, self._pieces(branch.items, branch.tag.span.end, edge))
            for branch, edge in zip(block.branches, edges, strict=True)
        ]

    def _damage(self, block: Block, bodies: list[tuple[Branch, tuple[Piece, ...]]]) -> str:
        damage = block.damage
        for tag in [*(branch.tag for branch in block.branches), *([block.end] if block.end else [])]:
            if tag.wrong:
                hidden = tag.wrong == "hidden"
                self.issues.append(issues.broken(tag) if hidden else issues.misspelt(tag))
                damage = damage or "a control tag of this block is damaged"
        opener = block.opener
        if opener.kind in (TagKind.IF, TagKind.IFNOT) and len(bodies) > 1 and not bodies[0][1]:
            self.issues.append(issues.empty_branch(opener))
            damage = damage or "Mailchimp may refuse a condition with nothing before its else"
        if self.part is Part.SUBJECT and opener.kind is not TagKind.SYSTEM:
            self.issues.append(issues.unreliable_place(opener, self.part))
            damage = damage or "sources disagree whether conditions work in a subject"
        return damage

    def _own_block(
        self, block: Block, span: Span, bodies: list[tuple[Branch, tuple[Piece, ...]]], damage: str
    ) -> Piece:
        if not damage and not _personal(pieces for _branch, pieces in bodies):
            return self._opaque(block, span)
        source = self.source[span.start : span.end]
        columns = sorted({c for _branch, pieces in bodies for e in _expressions(pieces) for c in e.columns})
        outcome = unknown(damage or "the platform fills this block in by itself, with personal tags inside")
        return Emit(Expression(span, source, " ".join(source.split()), tuple(columns), _constant(outcome)))

    def _opaque(self, block: Block, span: Span) -> Piece:
        source = self.source[span.start : span.end]
        outcome = Outcome(OutcomeKind.LITERAL, source)
        return Emit(
            Expression(
                span, source, " ".join(source.split()), (), _constant(outcome), effect=block.opener.effect or "content"
            )
        )

    def _test(self, block: Block, tag: Tag, damage: str) -> Expression:
        if tag.kind is TagKind.INTERESTED:
            return self._interested(block, tag, damage)
        if tag.wrong:
            return self._verdict(tag, unknown(damage))
        if tag.name in catalogue.NEVER_IN_MAIL and not tag.op:
            return self._verdict(tag, unknown(damage) if damage else TRUE if tag.kind is TagKind.IFNOT else FALSE)
        if tag.name in catalogue.ACCOUNT_CONDITIONS:
            return self._verdict(tag, unknown("the condition asks about the account, which presend does not know"))
        field = self._resolve(tag)
        if field is None:
            return self._verdict(tag, unknown("the condition names a field that does not exist"))
        if tag.op in ("<", ">", "<=", ">=") and self.names.find(tag.name):
            if field.type != "number":
                self.issues.append(issues.order_on_text(tag, field.type))
            elif all(number(one) is None for one in literals(tag.value)):
                self.issues.append(issues.no_number(tag))
        if damage:
            return self._verdict(tag, unknown(damage))
        condition = Condition(
            field.tag, field.type, default_of(field), tag.op, tag.value, negated=tag.kind is TagKind.IFNOT
        )
        compares = (Comparison(field.tag, {"=": "==", "": "truthy"}.get(tag.op, tag.op), _literal(tag, field)),)
        return self._expression(tag, condition, (field.tag,), compares=compares, test=True)

    def _verdict(self, tag: Tag, outcome: Outcome) -> Expression:
        return self._expression(tag, _constant(outcome), test=True)

    def _interested(self, block: Block, tag: Tag, damage: str) -> Expression:
        group = self.names.group(tag.name)
        if group is None:
            wrong = Tag(tag.kind, tag.span, tag.body, tag.name, wrong="the block names no group", fix="")
            self.issues.append(issues.misspelt(wrong))
            return self._verdict(tag, unknown("the block names no group"))
        if not group.known_title or group.strangers:
            self.issues.append(issues.unknown_group(tag, group, self.names))
            if not damage and (not group.known_title or not group.names):
                # Documented for the block as a whole; what an ELSE inside it does then is not.
                vague = unknown(
                    "the block's group does not exist; whether its else part still prints is not documented"
                )
                return self._verdict(tag, FALSE if len(block.branches) == 1 else vague)
        if damage:
            return self._verdict(tag, unknown(damage))
        told = not isinstance(self.names.vocabulary.groups, Gap) or self.names.find(group.column) is not None
        membership = Membership(group.column, group.names, strangers=bool(group.strangers), told=told)
        compares = tuple(Comparison(group.column, "contains", name) for name in group.names)
        return self._expression(tag, membership, (group.column,), compares=compares, test=True)


def _literal(tag: Tag, field: Field) -> str | int | float | None:
    if not tag.op:
        return None
    value = number(tag.value) if field.type == "number" else None
    if value is None:
        return tag.value
    return int(value) if value == value.to_integral_value() else float(value)


def _expressions(pieces: Iterable[Piece]) -> Iterable[Expression]:
    for piece in pieces:
        if isinstance(piece, Emit):
            yield piece.expression
        elif isinstance(piece, Choice):
            for arm in piece.arms:
                if arm.test is not None:
                    yield arm.test
                yield from _expressions(arm.body)


def _personal(bodies: Iterable[tuple[Piece, ...]]) -> bool:
    """Whether anything inside differs by recipient, or cannot be known."""
    return any(
        expression.columns or expression.evaluate({}).kind is OutcomeKind.UNKNOWN
        for pieces in bodies
        for expression in _expressions(pieces)
    )
