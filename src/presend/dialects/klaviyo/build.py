"""Turns Django's nodes into pieces: text, expressions over few columns, and choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from presend.dialects.base import Arm, Choice, Emit, Expression, OutcomeKind, Piece, Span, Text
from presend.dialects.klaviyo import names
from presend.dialects.klaviyo.engine import DJANGO
from presend.dialects.klaviyo.listing import LOOKUP
from presend.dialects.klaviyo.rendering import Evaluator, World, binder, constant
from presend.dialects.klaviyo.scope import Env, Ref, Scan, Where, alias_of, comparisons, read_by, scan
from presend.dialects.klaviyo.tags import ClockNode, OwnSourceNode, UnknownNode
from presend.dialects.klaviyo.values import Running, Session, Undecided
from presend.model import Part

_base, _stock = DJANGO.base, DJANGO.defaulttags

BINDS = "binds"
"""The effect of a tag that gives values names, and prints nothing itself."""

_PRINTS_AS_IS = frozenset({"lookup", "default", "default_if_none", "escape", "force_escape", "safe"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What one `with` binds: the expressions by name, and the names in force outside of it."""

    values: Mapping[str, Any]
    outside: Env

    @property
    def env(self) -> Env:
        """What its names stand for."""
        return {name: alias_of(value) for name, value in self.values.items()}


@dataclass(frozen=True, slots=True)
class Around:
    """What holds where a node stands."""

    world: World
    source: str
    escapes: tuple[bool, ...]
    set_before: Mapping[str, Any] = field(default_factory=dict)
    """Variables that an earlier `as` set to something that is the same for everybody."""
    frames: tuple[Frame, ...] = ()
    """The `with` blocks around it, the outermost first."""
    known: dict[tuple[str, tuple[bool, ...]], Expression] = field(default_factory=dict)
    """What has been made of tags so far, by how they are written."""

    @property
    def env(self) -> Env:
        """The names that are no properties here."""
        env = dict.fromkeys(self.set_before, "")
        for frame in self.frames:
            env |= frame.env
        return env

    def bound(self, name: str) -> Any:
        """The expression that a `with` around gives a name; None where none does."""
        return next((frame.values[name] for frame in reversed(self.frames) if name in frame.values), None)


def build(nodes: Sequence[Any], around: Around) -> tuple[Piece, ...]:
    """The pieces of a node list, in order."""
    pieces: list[Piece] = []
    scans = [scan([node], around.env) for node in nodes]
    # What a node reads does not hang on what was set before it; where a name of the profile stands for that does.
    last_read = {name: position for position, found in enumerate(scans) for name in found.reads}
    at_first = around
    for position, node in enumerate(nodes):
        found = scans[position] if around is at_first else scan([node], around.env)
        if any(last_read.get(name, 0) > position for name in found.sets):
            folded = _folded(node, found, around)
            if folded is None:
                pieces.append(_stretch(nodes[position:], around))
                break
            around = folded
        pieces.extend(_pieces(node, found, around))
    return tuple(pieces)


def _folded(node: Any, found: Scan, around: Around) -> Around | None:
    """The surroundings after a tag that sets a variable to the same for everybody, or None when it is not so."""
    name = getattr(node, "asvar", None)
    if (
        not name
        or around.bound(name) is not None
        or isinstance(node, UnknownNode)
        or any(ref.where is not Where.LOCAL for ref in found.refs)
    ):
        return None
    context = DJANGO.context.Context(dict(around.set_before), autoescape=True)
    session = Session(around.world.now)
    try:
        with Running(session):
            node.render(context)
    except (Undecided, Exception):  # noqa: BLE001 - then it is worked out per recipient, with what follows
        return None
    if session.turns > 1 or (len(around.escapes) > 1 and not isinstance(node, ClockNode)):
        return None
    return replace(around, set_before={**around.set_before, name: context[name]})


def _pieces(node: Any, found: Scan, around: Around) -> tuple[Piece, ...]:
    match node:
        case _base.TextNode():
            return (Text(node.span, str(node.s)),)
        case _stock.CommentNode():
            return (Text(node.span, ""),)
        case _stock.VerbatimNode() | _stock.TemplateTagNode():
            return (Text(node.span, str(node.render(None))),)
        case _base.VariableNode():
            return (Emit(_known(node.source, node.span, around, lambda: _variable(node, found, around))),)
        case _stock.IfNode():
            return (_choice(node, around),)
        case _stock.AutoEscapeControlNode():
            return build(node.nodelist, replace(around, escapes=(bool(node.setting),)))
        case _stock.WithNode():
            return _inside(node, around)
        case OwnSourceNode() if not node.asvar:
            return (Emit(_own_source(node, found, around)),)
        case _:
            return (_stretch([node], around),)


def _inside(node: Any, around: Around) -> tuple[Piece, ...]:
    """A `with` block: each tag in it is a piece of its own, for which the names are bound when it is worked out."""
    frame = Frame(dict(node.extra_context), around.env)
    inside = replace(around, frames=(*around.frames, frame), known={})
    place = Span(*node.token.position)
    found = Scan()
    for value in frame.values.values():
        found.refs.extend(read_by(value, around.env, place, node.source).refs)

    def bind(context: Any) -> str:
        for value in frame.values.values():
            value.resolve(context)
        return ""

    head = _expression(place, node.source, found, around, bind)
    pieces = build(node.nodelist, inside)
    return (Emit(replace(head, effect=BINDS)), *pieces) if head.columns else pieces


def _framed(
    found: Scan, around: Around, work: Callable[[Any], str], span: Span, source: str
) -> tuple[list[Ref], Callable[[Any], str]]:
    """What is read in all, and the work with the names bound that it takes of the `with` blocks around."""
    wanted, refs, taken = set(found.reads), list(found.refs), []
    for frame in reversed(around.frames):
        used = {name: value for name, value in frame.values.items() if name in wanted}
        if not used:
            continue
        wanted -= used.keys()
        taken.append(used)
        for value in used.values():
            inner = read_by(value, frame.outside, span, source)
            refs.extend(inner.refs)
            wanted |= inner.reads
    if not taken:
        return found.refs, work

    def bound(context: Any) -> str:
        for used in reversed(taken):
            try:
                context.push(**{name: value.resolve(context) for name, value in used.items()})
            except Exception as error:  # whatever stops the engine at the `with` is told there
                raise Undecided("what the with-block around it binds fails for this recipient") from error
        return work(context)

    return refs, bound


def _known(source: str, span: Span, around: Around, make: Callable[[], Expression]) -> Expression:
    """The expression of a tag; those written alike share their evaluation, so that it is asked once for all."""
    if around.set_before:
        return make()
    key = (source, around.escapes)
    if key not in around.known:
        around.known[key] = make()
    return replace(around.known[key], span=span)


def _own_source(node: Any, found: Scan, around: Around) -> Expression:
    made = _expression(node.span, node.source, found, around, node.render)
    return replace(made, evaluate=constant(OutcomeKind.LITERAL, node.source), effect=node.effect)


def _stretch(nodes: Sequence[Any], around: Around) -> Emit:
    """One expression for nodes that only make sense together."""
    span = Span(nodes[0].span.start, nodes[-1].span.end)
    found = scan(nodes, around.env)

    def work(context: Any) -> str:
        return "".join(node.render_annotated(context) for node in nodes)

    made = _expression(span, nodes[0].source, found, around, work)
    normal = _normal(around.source[span.start : span.end])
    effect = nodes[0].effect if len(nodes) == 1 and isinstance(nodes[0], UnknownNode) else ""
    fallback = _firstof_fallback(nodes[0], made) if len(nodes) == 1 else None
    place = _firstof_place(nodes[0]) if len(nodes) == 1 and fallback is None else ""
    return Emit(replace(made, normal=normal, effect=effect, fallback=fallback, fallback_place=place))


def _firstof_fallback(node: Any, made: Expression) -> str | None:
    if not isinstance(node, _stock.FirstOfNode) or node.asvar or node.vars[-1].is_var:
        return None
    return made.evaluate({}).text


def _firstof_place(node: Any) -> str:
    if not isinstance(node, _stock.FirstOfNode) or node.asvar:
        return ""
    return f"write {{% {' '.join(str(node.token.contents).split())} '…' %}}"


def _expression(
    span: Span, source: str, found: Scan, around: Around, work: Callable[[Any], str], *, test: bool = False
) -> Expression:
    refs, work = _framed(found, around, work, span, source)
    single = not test and around.world.part is not Part.HTML and len(refs) == 1
    bound = binder(refs, around.world, around.set_before, prints=not test, single=single)
    evaluator = Evaluator(work, bound, around.world.now, around.escapes, around.world.part)
    return Expression(
        span=span,
        source=source,
        normal=_normal(source),
        columns=bound.columns,
        evaluate=evaluator,
        test=test,
    )


def _variable(node: Any, found: Scan, around: Around) -> Expression:
    expression = node.filter_expression
    made = _expression(node.span, node.source, found, around, node.render)
    main = found.refs[0] if found.refs else None
    given = around.bound(expression.var.lookups[0]) if expression.is_var and expression.var.lookups else None
    if given is not None and main is None and made.columns:
        has_default = _has_default(expression) or (given.is_var and _has_default(given))
        fallback = made.evaluate({}).text if has_default else None
        place = _fallback_place(node, fallback, found)
        if fallback is not None and not fallback.strip() and not place:
            place = f"write a word between the quotes of default in the tag that sets {expression.var.lookups[0]}"
        return replace(made, fallback=fallback, fallback_place=place)
    applied = [function._filter_name for function, _ in expression.filters]  # noqa: SLF001
    if main and main.where is Where.ELSEWHERE and main.head == "organization":
        known = f"organization.{'.'.join(main.rest)}" in around.world.constants
        if not known and not expression.filters:
            return replace(made, evaluate=constant(OutcomeKind.LITERAL, node.source), effect="footer")
        return made
    if main is None or main.where is not Where.PROFILE:
        return made
    fallback = made.evaluate({}).text if _has_default(expression) else None
    return replace(
        made,
        bare=_is_bare(expression, found, applied, fallback),
        fallback=fallback,
        fallback_place=_fallback_place(node, fallback, found),
    )


def _has_default(expression: Any) -> bool:
    return any(
        function._filter_name == "default" and not arguments[0][0]  # noqa: SLF001
        for function, arguments in expression.filters
    )


def _is_bare(expression: Any, found: Scan, applied: list[str], fallback: str | None) -> bool:
    ref = found.refs[0]
    if len(found.refs) != 1 or ref.rest or ref.key in (names.FULL_NAME, "id", "KlaviyoID"):
        return False
    if (ref.bare and ref.key in names.MAYBE_BARE) or not _PRINTS_AS_IS.issuperset(applied):
        return False
    if applied.count("lookup") > 1 or ("lookup" in applied and expression.filters[0][0] is not LOOKUP):
        return False
    # With a blank default some numbers and lists (0, []) are blank, and others are not.
    return not found.defaults and (fallback is None or bool(fallback.strip()))


def _fallback_place(node: Any, fallback: str | None, found: Scan) -> str:
    inner = " ".join(str(node.token.contents).split())
    if found.defaults:
        return f"write a word between the quotes of default in {{{{ {inner} }}}}"
    if fallback is not None:
        return ""
    return f"write {{{{ {inner}|default:'…' }}}}"


def _choice(node: Any, around: Around) -> Choice:
    arms = []
    for (condition, body), token in zip(node.conditions_nodelists, node.arm_tokens, strict=True):
        test = None if condition is None else _known_test(condition, token, around)
        arms.append(Arm(test, build(body, around)))
    return Choice(node.span, tuple(arms))


def _known_test(condition: Any, token: Any, around: Around) -> Expression:
    span = Span(*token.position)
    source = around.source[span.start : span.end]
    return _known(source, span, around, lambda: _test(condition, token, around))


def _test(condition: Any, token: Any, around: Around) -> Expression:
    lone = _stock.IfNode([(condition, _base.NodeList())])
    span = Span(*token.position)
    source = around.source[span.start : span.end]
    lone.arm_tokens, lone.arm_sources = [token], [source]
    found = scan([lone], around.env)

    def work(context: Any) -> str:
        try:
            return "true" if condition.eval(context) else ""
        except _base.VariableDoesNotExist:
            return ""

    made = _expression(span, source, found, around, work, test=True)
    compares = tuple(comparisons(condition, around.env))
    # A whole condition that is one property: true for every text but the empty one, as Python has it.
    alone = isinstance(condition, _stock.TemplateLiteral) and len(found.refs) == len(compares) == 1
    return replace(made, compares=compares, bare=alone and compares[0].op == "truthy")


def _normal(source: str) -> str:
    collapsed = " ".join(source.split())
    for start, end in (("{{", "}}"), ("{%", "%}")):
        if collapsed.startswith(start) and collapsed.endswith(end) and collapsed.count(start) == 1:
            return f"{start} {collapsed[2:-2].strip()} {end}"
    return collapsed
