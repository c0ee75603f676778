"""Makes issues, in neutral words, of what is wrong with a HubL source."""

from __future__ import annotations

import difflib
import html
import re
from collections import Counter

from presend.dialects.base import Issue, IssueKind, Scene, Span
from presend.dialects.hubspot import catalogue
from presend.dialects.hubspot.lexer import Token, TokenKind, without_strings
from presend.dialects.hubspot.names import Names
from presend.dialects.hubspot.syntax import ExpressionError, parse_expression
from presend.dialects.hubspot.tree import Misnest, is_known_leaf, slip_of
from presend.dialects.lexicon import tag_for, word
from presend.dialects.shadow import why_unseen
from presend.dialects.unfinished import UNFILLED
from presend.model import Kind, Platform

REFUSES = "HubSpot refuses to publish the email"

_ODD = re.compile("[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff\uff01-\uff5e]")
_CURLY = str.maketrans({"‘": "'", "’": "'", "‚": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"'})
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]+);")
_COLON_FILTER = re.compile(r"\|\s*\w+\s*:")
_HANDLEBARS = re.compile(r"\{\{(?:\{|\s*[#/^>!&])")
"""How a tag of Handlebars or Mustache begins: `{{{name}}}`, `{{#each items}}`, `{{/each}}`, `{{> header}}`."""
_TOKEN = re.compile(r"\{\{[^{}<\n]*\b(?:contact|company|account)\.\w[^{}<\n]*\}\}")
_FATAL = (IssueKind.SYNTAX, IssueKind.FOREIGN_TAG, IssueKind.BROKEN_TAG)
_PATH = re.compile(r"^\s*[\w.]+")
_PEOPLE = catalogue.FOREIGN_ROOTS | catalogue.CONTACT_ROOTS | frozenset(["recipient", "contacts", "member", "client"])
_ASKING = frozenset(["if", "elif", "unless"])
_LONE_EQUAL = re.compile(r"""('[^']*'|"[^"]*")|(?<![=!<>])=(?!=)""")


def mangled(body: str) -> bool:
    """Whether something stands in a tag that an editor put there and HubSpot cannot read."""
    bare = without_strings(body)
    return bool(_ODD.search(bare) or _MARKUP.search(bare) or _ENTITY.search(bare) or re.search("[‘’‚“”„]", bare))


def odd(body: str) -> bool:
    """Whether an invisible, non-breaking or full-width character stands in a tag, which Java takes for no space."""
    return bool(_ODD.search(without_strings(body)))


def _equated(text: str) -> str:
    """A condition with == where it has a single equal sign, outside of texts."""
    return _LONE_EQUAL.sub(lambda found: found[1] or "==", text)


def _clean(body: str) -> str:
    text = html.unescape(_MARKUP.sub("", body)).translate(_CURLY)
    text = _ODD.sub(lambda odd: chr(ord(odd[0]) - 0xFEE0) if odd[0] >= "\uff01" else " ", text)
    return " ".join(text.split())


def token_text(root: str, name: str, fallback: str = "") -> str:
    """The personalization token with a fallback, in HubL; without one given, a word where one fits every place."""
    fallback = fallback or ("there" if name == "firstname" else "…")
    quoted = fallback.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{{{ personalization_token("{root}.{name}", "{quoted}") }}}}'


def fallback_place(root: str, name: str, column: str) -> str:
    """Where a token can be given a fallback."""
    example = "there" if name == "firstname" else "…"
    return (
        f"write {token_text(root, name)}, or give the token a default value in HubSpot; HubSpot's account default "
        f'cannot be read from here, so tell presend.toml as well: [defaults.<account>] {column} = "{example}"'
    )


class Reporter:
    """Collects issues; `token` is the tag that is being looked at."""

    def __init__(self, names: Names, scene: Scene) -> None:
        self.names = names
        self.scene = scene
        self.token: Token | None = None
        self.in_test = False
        self.opened = False
        """Another file was brought in, which may define any name."""
        self.issues: list[Issue] = []
        self.fatal = ""
        self._seen: set[tuple[IssueKind, int, str]] = set()
        self._fatal_at: set[int] = set()
        self._calls: Counter[str] = Counter()

    def issue(
        self,
        kind: IssueKind,
        says: str,
        fix: str,
        *,
        certain: bool = True,
        meant: str = "",
        reads: str = "",
        key: str = "",
    ) -> None:
        """Notes an issue at the current tag, once per kind and `key`."""
        token = self.token
        if token is None or (kind, token.start, key) in self._seen:
            return
        self._seen.add((kind, token.start, key))
        if kind in _FATAL:
            self._fatal_at.add(token.start)
        span = Span(token.start, token.end)
        self.issues.append(Issue(kind, span, token.text, says, fix, reads, certain, token.normal, meant))

    def refuse(self, kind: IssueKind, reason: str, fix: str, *, meant: str = "") -> None:
        """Notes an issue for which HubSpot blocks publishing."""
        self.issue(kind, f"{reason}: {REFUSES}.", fix, meant=meant, key=reason)
        self.fatal = self.fatal or f"{REFUSES}: {reason}."

    def unparsed(self, error: ExpressionError) -> None:
        """The current tag's expression does not parse, or an editor mangled it."""
        token = self.token
        if token is None:
            return
        if mangled(token.body):
            unfilled = UNFILLED.search(without_strings(token.body))
            meant = "" if unfilled else self._repaired(token)
            fix = f"Delete the tag and type {meant} in one go, without formatting." if meant else "Type the tag anew."
            fix = f"Put the real value in place of {unfilled[0]}." if unfilled else fix
            why = "curly quotes stand inside it" if re.search("[‘’“”]", token.body) else why_unseen(token.text)
            self.refuse(IssueKind.BROKEN_TAG, f"HubSpot cannot read this tag, because {why}", fix, meant=meant)
        elif _HANDLEBARS.match(token.text):
            fix = "Write it with {{ name }}, {% if … %} or {% for … %}, or delete it."
            self.refuse(IssueKind.FOREIGN_TAG, "The tag is written as in Handlebars or Mustache", fix)
        elif _COLON_FILTER.search(without_strings(token.body)):
            found = _PATH.match(token.body)
            meant = tag_for(found[0], Platform.HUBSPOT) if found else ""
            fix = f"Write {meant}." if meant else "Write filters as `|name('text')`."
            self.refuse(IssueKind.FOREIGN_TAG, "A filter with a colon is another platform's syntax", fix, meant=meant)
        else:
            fix = "Correct the tag's syntax."
            if token.name in _ASKING and (equated := _equated(token.text)) != token.text:
                fix = f"A comparison is written ==: write {equated}."
            self.refuse(IssueKind.SYNTAX, f"The tag does not parse ({error})", fix)

    def _repaired(self, token: Token) -> str:
        body = _clean(token.body)
        if token.text.startswith("{{"):
            try:
                parse_expression(body)
            except ExpressionError:
                return ""
        return f"{token.text[:2]} {body} {token.text[-2:]}"

    def property(self, root: str, name: str) -> None:
        """A contact or company property is read: is there one of that name?"""
        if self.names.known(root, name):
            return
        meant = self.names.meant(root, name)
        certain = self.names.certain(root, name)
        # `contact.first_name` also stands inside personalization_token("contact.first_name", …)
        fixed = self.token.text.replace(f"{root}.{name}", f"{root}.{meant}", 1) if self.token and meant else ""
        says = f"No property has the internal name {name}: it prints blank for everyone."
        if not certain:
            says = f"presend sees no property with the internal name {name}; if there is none, it prints blank."
        fix = f"Write {fixed}." if fixed else "Use the property's internal name, as the property settings show it."
        shown = f"{{{{ {root}.{meant} }}}}" if meant else ""
        self.issue(IssueKind.UNKNOWN_NAME, says, fix, certain=certain, meant=shown, key=name)

    def unknown(self, what: str, name: str) -> None:
        """A filter, function or test that HubL does not have."""
        pool = {"filter": catalogue.FILTERS, "function": catalogue.FUNCTIONS}.get(what, catalogue.EXPRESSION_TESTS)
        if what == "function" and self.opened:
            return
        close = difflib.get_close_matches(name, sorted(pool), n=1, cutoff=0.75)
        fix = f"Write `{close[0]}`, or take the {what} out." if close else f"Take the {what} out."
        found = re.match(r"\s*(contact|company|account)\.(\w+)\s*\|\s*\w+\s*$", self.token.body if self.token else "")
        if what == "filter" and found and not close:
            fix = f"Write {token_text(found[1], found[2], name.replace('_', ' '))}."
        self.refuse(IssueKind.SYNTAX, f"HubL has no {what} `{name}`", fix)

    def undefined(self, name: str) -> None:
        """A name that nothing defines: it prints blank, unless HubSpot's engine is set to fail on such names."""
        path = re.search(rf"\b{re.escape(name)}[\w.]*", self.token.body) if self.token else None
        written = path[0] if path else name
        # What `brand.name` lacks is no contact's name.
        about_people = written == name or name.casefold() in _PEOPLE
        if name in catalogue.SITE_SETTINGS:
            self._detail(name)
            return
        meant = tag_for(written, Platform.HUBSPOT) if about_people else ""
        if not meant and name in self.names.of("contact"):
            meant = f"{{{{ contact.{name} }}}}"
        # None of HubSpot's own values is a list, so that no loop was meant to go over one of them.
        values = [] if self.token and self.token.name == "for" else sorted(catalogue.PLATFORM_VALUES)
        close = difflib.get_close_matches(name, values, n=1, cutoff=0.85)
        fix = "Use a token of HubSpot's, or define the name with `set`."
        if meant or close:
            fix = f"Write {meant or self._with(name, close[0])}."
        if name in catalogue.FOREIGN_ROOTS or (name.isupper() and word(name)):
            says = f"`{name}` is another platform's name: HubSpot prints nothing for it, or reports an error."
            self.issue(IssueKind.FOREIGN_TAG, says, fix, meant=meant, key=name)
        elif meant:
            says = f"Nothing defines `{name}`: it prints blank for everyone, or HubSpot reports an error."
            self.issue(IssueKind.UNKNOWN_NAME, says, fix, meant=meant, key=name)
        elif not self.opened:
            says = f"presend does not know what `{name}` is; if nothing defines it, it prints blank."
            self.issue(IssueKind.UNKNOWN_NAME, says, fix, certain=False, key=name)

    def _detail(self, name: str) -> None:
        """A detail of the sender, without the `site_settings` that holds it; an alias of it may exist."""
        if not self.opened:
            meant = self._with(name, f"site_settings.{name}")
            says = f"`{name}` is documented as site_settings.{name} only; if nothing defines it, it prints blank."
            self.issue(IssueKind.UNKNOWN_NAME, says, f"Write {meant}.", certain=False, meant=meant, key=name)

    def _with(self, name: str, instead: str) -> str:
        """The current tag with another name in it."""
        return re.sub(rf"\b{re.escape(name)}\b", instead, self.token.text, count=1) if self.token else instead

    def unquoted(self, name: str) -> None:
        """A word that nothing defines is compared with a property."""
        if not self.opened:
            meant = self._with(name, f"'{name}'")
            says = f"`{name}` has no quotes and is a name that nothing defines: the value is compared with nothing."
            self.issue(IssueKind.UNKNOWN_NAME, says, f"Write {meant}.", meant=meant, key=name)

    def rootless(self, name: str) -> None:
        """personalization_token() is asked for a name without its record."""
        meant = self._with(name, f"contact.{name}")
        says = f"personalization_token asks for “{name}” without saying whose it is: it may print the fallback for all."
        self.issue(IssueKind.UNKNOWN_NAME, says, f"Write {meant}.", certain=False, meant=meant, key=name)

    def setting(self, name: str) -> None:
        """A detail of the account is read: one that is nearly a documented one is a slip, others may exist."""
        close = difflib.get_close_matches(name, sorted(catalogue.SITE_SETTINGS), n=1, cutoff=0.8)
        if name not in catalogue.SITE_SETTINGS and close and self.token:
            meant = self.token.text.replace(name, close[0], 1)
            says = f"site_settings has no documented {name}; if there is none, it prints blank for everyone."
            self.issue(IssueKind.UNKNOWN_NAME, says, f"Write {meant}.", certain=False, meant=meant, key=name)

    def record(self, name: str) -> None:
        """Data that only an automated or a single-send email has."""
        if name == "custom" and self.in_test:
            says = "HubSpot compiles the template before `custom` values arrive: the condition takes the wrong branch."
            self.issue(IssueKind.UNRELIABLE, says, "Decide before the call, and send a ready value.", key=name)
        elif name == "placeholder":
            says = "A placeholder token is for one-to-one mail and nobody has filled it in."
            self.issue(IssueKind.PLACEHOLDER, says, "Write the real text.", key=name)
        elif self.scene.kind is not Kind.AUTOMATION:
            says = f"`{name}` data exist in automated email only: in a campaign this prints blank."
            fix = "Use a property of the contact, or send this from a workflow."
            self.issue(IssueKind.EVENT_DATA, says, fix, certain=False, key=name)

    def call(self, name: str) -> None:
        """Counts the calls of functions that HubSpot limits."""
        self._calls[name] += 1
        if name in catalogue.CRM_FUNCTIONS and self._calls[name] == catalogue.CRM_CALL_LIMIT + 1:
            says = (
                f"The email calls {name}() more than {catalogue.CRM_CALL_LIMIT} times, of which this is the first too "
                "many: HubSpot drops the recipients, and the web version is an error."
            )
            fix = f"Call {name}() at most {catalogue.CRM_CALL_LIMIT} times, or get several records by one call."
            self.issue(IssueKind.LIMIT, says, fix, key=name, meant=name)

    def wrapper(self) -> None:
        """A loop goes over the wrapper that crm_objects() and crm_associations() return."""
        says = "The loop goes over the wrapper of the records, not the records: it prints nothing."
        self.issue(IssueKind.UNRELIABLE, says, "Loop over `.results` of it.", key="wrapper")

    def dash(self, text: str) -> None:
        """A property name is cut by a hyphen."""
        root, _, name = text.partition(".")
        meant = self.names.meant(root, name)
        says = f"HubL reads the hyphen in {text} as a minus: no property is printed."
        fix = f"Write {{{{ {root}.{meant} }}}}." if meant else "Use the property's internal name; it has no hyphen."
        self.issue(IssueKind.UNKNOWN_NAME, says, fix, meant=f"{{{{ {root}.{meant} }}}}" if meant else "", key=text)

    def unready(self, what: str) -> None:
        """A token stands where only programmable email evaluates it."""
        says = f"A contact's data in {what} is ignored unless the email's content is programmable."
        fix = "Switch on programmable email for the module or template, or use smart content."
        certain = not self.scene.options.get("unsaid", False)
        self.issue(IssueKind.UNRELIABLE, says, fix, certain=certain, key="programmable")

    def filtered(self, fix: str) -> None:
        """A filter is laid on a token; one that does not exist has been reported already."""
        if self.token and self.token.start in self._fatal_at:
            return
        says = "HubSpot documents that filters on personalization tokens do not work in email."
        certain = not self.scene.options.get("programmable", False)
        self.issue(IssueKind.UNRELIABLE, says, fix, certain=certain, key="filter")

    def shielded(self, block: Token, text: Token) -> None:
        """Tokens inside a raw block, which print as they stand."""
        for found in _TOKEN.finditer(text.text):
            start = text.start + found.start()
            self.token = Token(TokenKind.OUTPUT, start, start + len(found[0]), found[0], found[0][2:-2])
            says = "The token stands in a `raw` block: everybody reads it as it stands."
            fix = "Take it out of the `raw` block, unless people are to read it so."
            # Who writes `raw` may mean it: a letter about templates.
            self.issue(IssueKind.BROKEN_TAG, says, fix, reads=found[0], certain=False, key="raw")
        self.token = block

    def misnested(self, misnest: Misnest) -> None:
        """A tag that does not pair."""
        self.token = token = misnest.token
        if misnest.opener:
            self.refuse(IssueKind.SYNTAX, f"`{token.name}` is never closed", f"Add {{% {misnest.closer} %}} after it.")
        elif token.name == "else" and misnest.inside == "for":
            says = "HubL's `for` knows no `else`: what stands behind it prints at every turn of the loop."
            fix = "Ask in front of the loop, with `if`, whether there is anything to go over."
            self.issue(IssueKind.SYNTAX, says, fix, key="stray")
        elif token.name in ("else", "elif"):
            says = f"`{token.name}` stands outside any `if`: it does nothing."
            self.issue(IssueKind.SYNTAX, says, "Put it between `if` and `endif`.", key="stray")
        else:
            says = f"`{token.name}` closes nothing: no `{token.name.removeprefix('end')}` is open here"
            self.refuse(IssueKind.SYNTAX, says, "Delete it, or add the tag that it should close.")

    def tag(self) -> bool:
        """Whether the current leaf tag exists; notes the issue when it does not."""
        token = self.token
        if token is None or is_known_leaf(token.name):
            return True
        if token.name in catalogue.CORE_BLOCKS:
            says = "Blocks are nested too deeply here for presend to follow."
            self.issue(IssueKind.UNSUPPORTED, says, "Nest fewer blocks.", certain=False)
            return False
        slip = slip_of(token)
        if mangled(token.body):
            self.unparsed(ExpressionError("it is mangled"))
        elif slip:
            self.refuse(IssueKind.SYNTAX, f"HubL has no tag `{token.name}`", f"Write {{% {slip} %}}.")
        elif token.name in catalogue.FOREIGN_TAGS:
            fix = "Write {{ unsubscribe_link }}." if "unsub" in token.name else "Use HubSpot's own token or module."
            self.refuse(IssueKind.FOREIGN_TAG, f"`{token.name}` is another platform's tag", fix)
        else:
            close = difflib.get_close_matches(token.name, [*catalogue.CORE_LEAVES, *catalogue.CORE_BLOCKS, "endif"], 1)
            fix = f"Write `{close[0]}`, or delete the tag." if close else "Delete the tag."
            if token.name in catalogue.CONTACT_ROOTS | catalogue.COMPANY_ROOTS:
                fix = f"Write {{{{ {token.body.strip()} }}}}."
            self.refuse(IssueKind.SYNTAX, f"HubL has no tag `{token.name}`" if token.name else "The tag is empty", fix)
        return False
