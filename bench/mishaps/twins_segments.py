"""Hard negatives of SEG001 to SEG007: audiences that look too broad, wrong or odd, and are what somebody meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench.mishaps.faults_segments import address, age, extra, field, gender, some_rows
from bench.mishaps.healthy import DEED, GROUP, either, joined, segment, usual
from bench.mishaps.letters import Draft, blanked
from bench.mishaps.phrases_people import NO_ROLES
from bench.mishaps.phrases_segments import NO_TESTERS, WHOLE
from presend.model import AudienceRef, ListRef, Op, Platform


def _free(draft: Draft, key: str = "") -> bool:
    """Whether nothing else counts on the audience, or on a field; from now on this does."""
    wanted = {"audience", key} if key else {"audience"}
    if wanted & draft.crowd.taken:
        return False
    draft.crowd.taken |= wanted
    return True


def _list_less_sleepers(draft: Draft) -> bool:
    """A list, but without those who have not opened anything for long: that is a segment by behaviour."""
    if draft.platform is Platform.MAILCHIMP or not _free(draft):
        return False
    out = (ListRef("x1", "segment", "Not opened in 180 days"), ListRef("x2", "segment", "Bought in the last 14 days"))
    draft.audience = AudienceRef((ListRef("w1", "list", draft.phrase(WHOLE)),), excluded=out)
    return True


def _handpicked(draft: Draft) -> bool:
    """A list that somebody wrote at a fair is no whole list."""
    if not _free(draft):
        return False
    kind = "tag" if draft.platform is Platform.MAILCHIMP else "list"
    name = draft.rng.choice(("Glaze course, May", "Stand 14, Saturday", "Ferry delay, 7 June", "Jury of the cup"))
    draft.audience = AudienceRef((ListRef("h1", kind, name),))
    return True


def _gender_and_deed(draft: Draft) -> bool:
    """A woman's size, bought before: what she did is in the criteria."""
    if not _free(draft):
        return False
    leaf = field(gender(draft, "female"), Op.IS, "female")
    draft.audience = segment("Bought a shirt, women", joined(draft.platform, leaf, DEED))
    return True


def _age_and_interest(draft: Draft) -> bool:
    """Old enough for the tasting, and asked for it."""
    if not _free(draft):
        return False
    leaf = field(age(draft, 21), Op.ABOVE, "20")
    draft.audience = segment("Tasting evenings", joined(draft.platform, leaf, GROUP, DEED))
    return True


_TWINS = (
    ("agency", "AGENCY", "managed by an agency", ("yes",)),
    ("stage", "STAGE", "lifecycle", ("customer",)),
    ("language", "LANGUAGE", "letters in", ("German",)),
    ("package", "PACKAGE", "plan", ("Teas monthly",)),
    ("engagement", "ENGAGEMNT", "sort of", ("regular",)),
)


def _not_age(draft: Draft) -> bool:
    """What a person chose, or became by buying; one of the names has `age` in it."""
    if not _free(draft):
        return False
    key, tag, name, values = draft.rng.choice(_TWINS)
    columns = {Platform.MAILCHIMP: tag, Platform.KLAVIYO: key.title(), Platform.HUBSPOT: key}
    slot = extra(draft, key, columns, [values[0]] * len(draft.crowd.ids))
    draft.audience = segment(f"{name} {values[0]}", joined(draft.platform, field(slot, Op.IS, *values)))
    return True


def _not_and_filled(draft: Draft) -> bool:
    """A field that must not be something, and that everybody has."""
    if not _free(draft, "shop"):
        return False
    leaf = field(draft.slot("shop"), Op.IS_NOT, "Quayside")
    draft.audience = segment("All but Quayside", joined(draft.platform, leaf, DEED))
    return True


def _unset_meant(draft: Draft) -> bool:
    """Those without a value are asked for by name."""
    if not _free(draft, "shop"):
        return False
    slot = draft.slot("shop")
    blanked(draft, "shop", 0.15)
    ways = either(draft.platform, field(slot, Op.IS_NOT, "Quayside"), field(slot, Op.UNSET))
    draft.audience = segment("Not Quayside, or nowhere yet", ways)
    return True


def _mostly_unset(draft: Draft) -> bool:
    """A mark that few people have: not to have it is the custom."""
    if not _free(draft):
        return False
    names = {Platform.MAILCHIMP: "RESELLER", Platform.KLAVIYO: "Reseller kind", Platform.HUBSPOT: "reseller_kind"}
    few = ["gallery" if draft.rng.random() < 0.12 else "" for _ in draft.crowd.ids]
    slot = extra(draft, "reseller", names, list(few))
    unset = True if draft.platform is Platform.HUBSPOT else None
    leaf = field(slot, Op.IS_NOT, "wholesale", unset=unset)
    draft.audience = segment("No wholesalers", joined(draft.platform, leaf, DEED))
    return True


def _two_values(draft: Draft) -> bool:
    """One branch or another, written as two conditions of which one will do."""
    if not _free(draft, "shop"):
        return False
    slot = draft.slot("shop")
    values = sorted(set(draft.crowd.columns[slot.column]))
    leaves = (*(field(slot, Op.IS, value) for value in values), DEED)
    draft.audience = segment("Branch customers", either(draft.platform, *leaves))
    return True


def _range(draft: Draft) -> bool:
    """Above one number and below a higher one."""
    if not _free(draft):
        return False
    slot = draft.slot("points")
    leaves = (field(slot, Op.ABOVE, "0"), field(slot, Op.BELOW, "5000"), DEED)
    draft.audience = segment("Nearly there", joined(draft.platform, *leaves))
    return True


def _grown(draft: Draft) -> bool:
    """Twice the largest so far, as lists grow."""
    half = len(draft.crowd.ids) / 2
    draft.record = replace(draft.record, sizes=tuple(round(half * draft.rng.uniform(0.7, 1)) for _ in range(12)))
    return True


def _few_before(draft: Draft) -> bool:
    """Two campaigns are no custom."""
    size = len(draft.crowd.ids)
    draft.record = replace(draft.record, sizes=(size // 9, size // 12))
    return True


def _christmas(draft: Draft) -> bool:
    """Usually smaller by far, but the letter of last December was as large."""
    rng, size = draft.rng, len(draft.crowd.ids)
    small = [round(one / 12) for one in usual(rng, size) * 2] + [size // 10] * 9
    place = rng.randrange(len(small))
    draft.record = replace(draft.record, sizes=(*small[:place], round(size * 0.9), *small[place:]))
    return True


def _names_like_tests(draft: Draft) -> bool:
    """Real people whose addresses have such a word inside."""
    rows = some_rows(draft, 6)
    address(draft, rows, draft.rng.sample(NO_TESTERS[draft.held :: 2], len(rows)))
    return True


def _colleagues(draft: Draft) -> bool:
    """A few of the people who send it like to see what goes out."""
    rows = some_rows(draft, 3)
    address(draft, rows, draft.rng.sample(NO_ROLES, len(rows)), draft.reply_to.partition("@")[2])
    return True


def _unset_said(draft: Draft) -> bool:
    """HubSpot's list says itself that those without a value are meant."""
    if draft.platform is not Platform.HUBSPOT or not _free(draft, "shop"):
        return False
    blanked(draft, "shop", 0.12)
    leaf = field(draft.slot("shop"), Op.IS_NOT, "Quayside", unset=True)
    draft.audience = segment("Not Quayside", joined(draft.platform, leaf, DEED))
    return True


def _fixed_and_fits(draft: Draft) -> bool:
    """Worked out once, and still true, however the values are written."""
    if draft.platform is not Platform.HUBSPOT or not _free(draft, "tier"):
        return False
    slot = draft.slot("tier")
    column = draft.crowd.columns[slot.column]
    for row in range(len(column)):
        column[row] = draft.rng.choice(("Gold", "Gold", "Gold", "gold", "Silver;Gold"))
    logic = joined(draft.platform, field(slot, Op.IS, "Gold"), DEED)
    draft.audience = segment("Gold, as of spring", logic, fixed=True)
    return True


def _fixed_or_deed(draft: Draft) -> bool:
    """Worked out once; who lost the tier may be in for what they bought."""
    if draft.platform is not Platform.HUBSPOT or not _free(draft, "tier"):
        return False
    draft.audience = segment(
        "Gold or buyers", either(draft.platform, field(draft.slot("tier"), Op.IS, "Gold"), DEED), fixed=True
    )
    return True


TRICKS: tuple[Callable[[Draft], bool], ...] = (
    _list_less_sleepers,
    _handpicked,
    _gender_and_deed,
    _age_and_interest,
    _not_age,
    _not_and_filled,
    _unset_meant,
    _mostly_unset,
    _two_values,
    _range,
    _grown,
    _few_before,
    _christmas,
    _names_like_tests,
    _colleagues,
    _unset_said,
    _fixed_and_fits,
    _fixed_or_deed,
)
"""What looks like a fault of a segment and is none; each says whether it could stand in the letter."""
