"""Marks on people and words on campaigns: put once, taken off when the finding is gone, said again when changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
import sqlalchemy as sa

from presend.actions.apply import Doer
from presend.actions.known import PERHAPS, Known, Memory, maybe
from presend.actions.plan import NOTHING_LEFT, Given, Plan, comment_text, make
from presend.audience.engine import EVERYONE
from presend.engine import CampaignResult, Unchecked
from presend.errors import DeedError, Refused, Unconfirmed
from presend.model import DeedState, FindingState, Gap, Receipt, State, UncheckedKind, Verb
from presend.policy import decide
from presend.ports import Connector
from presend.settings import PolicyRule, PolicySettings
from presend.store.journal import Journal
from presend.store.marks import Marks
from tests.deeds.fakes import NOW, FakeConnector, audience, campaign, finding, result

QUIET = PolicySettings(comment="never")
LABEL = "presend:TAG002"


def known(*ids: str, label: str = LABEL, said: str = "", held_for: str = "") -> Memory:
    return Memory({("acme", "c1"): Known({label: frozenset(ids)} if ids else {}, said, held_for)})


def planned(
    *results: CampaignResult,
    memory: Memory | None = None,
    policy: PolicySettings = QUIET,
    ran: frozenset[str] | None = None,
    connector: FakeConnector | None = None,
) -> Plan:
    return make(policy, results, {"acme": connector or FakeConnector()}, Given(NOW, memory or Memory(), ran))


def shown(plan: Plan) -> list[tuple[Verb, str, tuple[str, ...]]]:
    return [(p.step.verb, p.step.label, p.ids) for p in plan.planned]


def blank(people: Any, *names: str | None) -> Any:
    """Those whose first name is absent, or one of these."""
    from presend.audience.values import encode

    return people.where(("first_name",), [(None if n is None else encode(n),) for n in names or (None,)])


def test_nobody_is_marked_twice_and_the_mended_lose_it() -> None:
    with audience() as people:
        one = result(campaign(), [finding(who=blank(people))], people)
        assert shown(planned(one, memory=known("p2", "p4"))) == []
        assert shown(planned(one, memory=known("p2"))) == [(Verb.TAG, LABEL, ("p4",))]
        both = shown(planned(one, memory=known("p1", "p2")))

    assert both == [(Verb.TAG, LABEL, ("p4",)), (Verb.UNTAG, LABEL, ("p1",))]


def test_when_the_finding_is_gone_all_lose_it_and_count_towards_the_limit() -> None:
    with audience() as people:
        one = result(campaign(), [], people)
        plan = planned(one, memory=known("p1", "p2"))
        over = planned(one, memory=known("p1", "p2"), policy=QUIET.model_copy(update={"max_recipients": 1}))

    assert shown(plan) == [(Verb.UNTAG, LABEL, ("p1", "p2"))]
    assert "2 records would be written, and max_recipients is 1" in over.over


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": finding().severity.LOW},
        {"confidence": finding().confidence.LOW},
        {"state": FindingState.ACKNOWLEDGED},
    ],
    ids=["less severe", "less sure", "acknowledged"],
)
def test_a_finding_that_is_still_there_keeps_its_marks(changes: dict[str, Any]) -> None:
    with audience() as people:
        one = result(campaign(), [finding(who=blank(people), **changes)], people)
        assert shown(planned(one, memory=known("p2", "p4"))) == []


def test_a_fault_that_is_everybodys_by_now_takes_no_mark_off() -> None:
    with audience() as people:
        one = result(campaign(), [finding(who=EVERYONE)], people)
        assert shown(planned(one, memory=known("p2"))) == []


@pytest.mark.parametrize("kind", [UncheckedKind.FAILED, UncheckedKind.UNKNOWABLE])
def test_what_was_not_looked_at_is_not_gone(kind: UncheckedKind) -> None:
    missed = Unchecked("klaviyo", "acme", "c1", "TAG002", kind, 2, "the region is unknown")
    with audience() as people:
        one = replace(result(campaign(), [], people), unchecked=(missed,))
        assert shown(planned(one, memory=known("p2"))) == []
    assert shown(planned(result(campaign(), []), memory=known("p2"))) == []


def test_only_checks_that_ran_take_marks_off() -> None:
    with audience() as people:
        one = result(campaign(), [], people)
        assert shown(planned(one, memory=known("p2"), ran=frozenset({"VAL001"}))) == []
        assert len(shown(planned(one, memory=known("p2"), ran=frozenset({"TAG002"})))) == 1


def test_those_who_may_carry_it_lose_it_and_are_marked_again_if_they_should() -> None:
    with audience() as people:
        one = result(campaign(), [finding(who=blank(people))], people)
        plan = planned(one, memory=known("p1", "p2", label=maybe(LABEL)))

    assert shown(plan) == [(Verb.TAG, LABEL, ("p2", "p4")), (Verb.UNTAG, LABEL, ("p1",))]


def test_a_mark_that_another_campaign_needs_stays() -> None:
    claims = {LABEL: frozenset({"p1", "p2"})}
    memory = Memory({("acme", "c1"): Known(claims), ("acme", "c2"): Known({LABEL: frozenset({"p1"})})})
    with audience() as people:
        gone = result(campaign(), [], people)
        unseen = planned(gone, memory=memory)
        still = result(campaign(2), [finding(who=blank(people, "Ann"))], people)
        seen = planned(gone, still, memory=memory)
        mended = planned(gone, result(campaign(2), [], people), memory=memory)

    assert shown(unseen) == [(Verb.UNTAG, LABEL, ("p2",))]
    assert shown(seen) == [(Verb.UNTAG, LABEL, ("p2",))]
    assert shown(mended) == [(Verb.UNTAG, LABEL, ("p1", "p2")), (Verb.UNTAG, LABEL, ("p1",))]


def test_the_mark_of_those_left_out_is_no_tag() -> None:
    with audience() as people:
        one = result(campaign(), [], people)
        assert shown(planned(one, memory=known("p2", label="presend:out:c1"))) == []


# -- labels that say nothing


def test_a_sensitive_finding_never_marks_by_its_code() -> None:
    asked = QUIET.model_copy(update={"tag_codes": ("TAG", "SEN", "CON")})
    with audience() as people:
        found = [finding("SEN003", who=blank(people)), finding("CON001", who=blank(people, "Ann"))]
        one = result(campaign(), found, people)
        assert shown(planned(one)) == []
        assert shown(planned(one, policy=asked)) == [(Verb.TAG, "presend:review", ("p1", "p2", "p4"))]


def test_a_rule_may_have_its_codes_marked_without_saying_for_what() -> None:
    policy = QUIET.model_copy(update={"rule": (PolicyRule(codes=("TAG002",), neutral=True),)})

    assert decide(policy, finding(), "acme").label == "presend:review"
    assert decide(policy, finding("TAG011"), "acme").label == "presend:TAG011"


def test_the_neutral_mark_comes_off_only_when_every_check_ran() -> None:
    with audience() as people:
        one = result(campaign(), [], people)
        memory = known("p2", label="presend:review")
        assert shown(planned(one, memory=memory, ran=frozenset({"SEN003"}))) == []
        assert shown(planned(one, memory=memory)) == [(Verb.UNTAG, "presend:review", ("p2",))]


# -- automations


@pytest.mark.parametrize(
    ("live", "state", "says"),
    [
        (
            ("Win-back", "Birthday"),
            DeedState.CANNOT,
            "it would start what is live on the platform (Birthday, Win-back)",
        ),
        (Gap("Klaviyo shows no triggers"), DeedState.PLANNED, "cannot be ruled out: Klaviyo shows no triggers"),
        (Refused("no right to read automations", status=403), DeedState.PLANNED, "cannot be ruled out: no right"),
        ((), DeedState.PLANNED, "mark 2 people with presend:TAG002"),
    ],
)
def test_a_label_that_starts_something_is_refused(live: Any, state: DeedState, says: str) -> None:
    connector = FakeConnector()
    connector.live[LABEL] = live
    with audience() as people:
        one = result(campaign(), [finding(who=blank(people))], people)
        (step,) = planned(one, connector=connector).planned

    assert step.state is state
    assert says in step.step.detail


# -- doing


def do(store: sa.Engine, connector: FakeConnector, plan: Plan, marks: Marks | None = None) -> list[DeedState]:
    given = cast("Callable[[str], Connector]", lambda _name: connector)
    doer = Doer(given, Journal(store, "run1"), marks or Marks(store), lambda: NOW)
    return [deed.state for deed in doer.do(plan)]


def test_who_carries_a_mark_is_kept(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    with audience() as people:
        plan = planned(result(campaign(), [finding(who=blank(people))], people))
        assert do(store, connector, plan) == [DeedState.DONE]
        assert Marks(store).ids("acme", "c1", LABEL) == ["p2", "p4"]
        assert Marks(store).ids("acme", "c1", maybe(LABEL)) == []
        gone = planned(result(campaign(), [], people), memory=known("p2", "p4"))

    assert do(store, connector, gone) == [DeedState.DONE]
    assert Marks(store).labels("acme", "c1") == []
    assert connector.did[-1] == (Verb.UNTAG, "c1", LABEL, ["p2", "p4"])


@pytest.mark.parametrize("answer", [Unconfirmed("lost"), Receipt(DeedState.FAILED, "one of two"), SystemExit("killed")])
def test_those_who_may_have_got_it_are_kept_as_such(store: sa.Engine, answer: Any) -> None:
    class Ending(FakeConnector):
        def tag(self, campaign: Any, label: str, ids: Any) -> Receipt:
            if isinstance(answer, Receipt):
                return answer
            raise answer

    connector = Ending(campaign())
    with audience() as people:
        plan = planned(result(campaign(), [finding(who=blank(people))], people))
        try:
            do(store, connector, plan)
        except SystemExit:
            assert isinstance(answer, SystemExit)

    assert Marks(store).ids("acme", "c1", LABEL) == []
    assert Marks(store).ids("acme", "c1", maybe(LABEL)) == ["p2", "p4"]


class FullDisk(Marks):
    """Marks that cannot be written from a label on."""

    def __init__(self, engine: sa.Engine, label: str) -> None:
        super().__init__(engine)
        self._label = label

    def put(self, account: str, campaign_id: str, label: str, ids: Any, now: Any) -> None:
        if label == self._label:
            raise DeedError("who was marked could not be stored: the disk is full")
        super().put(account, campaign_id, label, ids, now)


@pytest.mark.parametrize(("label", "state", "asked"), [(maybe(LABEL), DeedState.FAILED, 0), (LABEL, DeedState.DONE, 1)])
def test_a_full_disk_marks_nobody_or_says_so(store: sa.Engine, label: str, state: DeedState, asked: int) -> None:
    connector = FakeConnector(campaign())
    with audience() as people:
        plan = planned(result(campaign(), [finding(who=blank(people))], people))
        assert do(store, connector, plan, FullDisk(store, label)) == [state]

    assert len(connector.did) == asked


# -- words


def test_a_comment_is_said_again_only_when_its_words_change() -> None:
    found = finding()
    policy = PolicySettings(tag="never")
    text = comment_text([found])

    assert [p.step.label for p in planned(result(campaign(), [found]), policy=policy).planned] == [text]
    assert planned(result(campaign(), [found]), policy=policy, memory=known(said=text)).planned == ()
    grown = replace(found, affected=3)
    (step,) = planned(result(campaign(), [grown]), policy=policy, memory=known(said=text)).planned
    assert "3 of 4 recipients" in step.step.label


def test_what_a_part_of_the_checks_says_replaces_nothing() -> None:
    policy = PolicySettings(tag="never")
    one = result(campaign(), [replace(finding(), affected=3)])

    assert (
        planned(one, policy=policy, memory=known(said="presend: 9 findings"), ran=frozenset({"TAG002"})).planned == ()
    )
    assert len(planned(one, policy=policy, ran=frozenset({"TAG002"})).planned) == 1


def test_when_nothing_is_left_the_comment_is_completed_once() -> None:
    with audience() as people:
        one = result(campaign(), [], people)
        (step,) = planned(one, memory=known(said="presend: 1 finding"), policy=PolicySettings()).planned
        done = planned(one, memory=known(said=NOTHING_LEFT), policy=PolicySettings()).planned
        part = planned(one, memory=known(said="presend: 1"), ran=frozenset({"TAG002"}), policy=PolicySettings()).planned

    assert (step.step.verb, step.step.label) == (Verb.COMMENT, NOTHING_LEFT)
    assert done == part == ()


def test_completing_is_asked_of_the_writer_as_such(store: sa.Engine) -> None:
    connector = FakeConnector(campaign())
    with audience() as people:
        plan = planned(result(campaign(), [], people), memory=known(said="presend: 1"), policy=PolicySettings())
        assert do(store, connector, plan) == [DeedState.DONE]

    assert connector.did == [("resolve", "c1", NOTHING_LEFT)]
    (entry,) = Journal(store, "run2").entries("run1")
    assert entry.label == NOTHING_LEFT


# -- what presend holds


def test_a_held_campaign_is_only_looked_at_for_what_is_mended() -> None:
    policy = PolicySettings(hold="high")
    draft = campaign(state=State.DRAFT, native_state="draft")
    with audience() as people:
        faulty = replace(result(draft, [finding(who=blank(people))], people), held=True)
        still = planned(faulty, policy=policy)
        mended = replace(result(draft, [], people), held=True)
        plan = planned(mended, policy=policy, memory=known("p2", said="presend: 1 finding", held_for="for TAG002"))

    assert still.planned == still.offers == ()
    assert [p.step.verb for p in plan.planned] == [Verb.UNTAG, Verb.COMMENT]
    assert [(p.step.verb, p.state) for p in plan.offers] == [(Verb.RELEASE, DeedState.PLANNED)]
    assert "`presend release acme:c1` puts it back" in plan.offers[0].step.detail


def test_a_draft_goes_at_no_time_so_nothing_about_its_sending_is_gone() -> None:
    draft = campaign(state=State.DRAFT, native_state="draft")
    with audience() as people:
        mended = replace(result(draft, [], people), held=True)
        memory = known(said="- blocker OPS002 past-schedule", held_for="take back to draft for OPS002")
        given = Given(NOW, memory, of_sending=frozenset({"OPS002"}))
        plan = make(PolicySettings(), [mended], {"acme": FakeConnector()}, given)
        other = make(PolicySettings(), [mended], {"acme": FakeConnector()}, replace(given, of_sending=frozenset()))

    assert plan.planned == plan.offers == ()
    assert [len(other.planned), len(other.offers)] == [1, 1]


def test_what_a_person_held_is_not_offered() -> None:
    draft = campaign(state=State.DRAFT, native_state="draft")
    with audience() as people:
        plan = planned(replace(result(draft, [], people), held=True), memory=known(held_for=""))

    assert plan.offers == ()


@pytest.mark.parametrize(
    ("said", "held_for", "texts"),
    [
        ("", "take back to draft for TAG002", 1),
        (NOTHING_LEFT, "take back to draft for TAG002", 1),
        (f"{PERHAPS}presend: 1 finding", "take back to draft for TAG002", 1),
        ("presend: 9 findings before sending", "take back to draft for TAG002", 0),
        ("", "", 0),
    ],
    ids=["killed before it", "taken back", "not seen", "said", "held by a person"],
)
def test_why_it_is_held_is_said_where_a_run_ended_before(said: str, held_for: str, texts: int) -> None:
    """As a draft it has findings about its sending, too, which say nothing."""
    draft = campaign(state=State.DRAFT, native_state="draft")
    with audience() as people:
        found = [finding(who=blank(people)), finding("OPS002")]
        held = replace(result(draft, found, people), held=True)
        given = Given(NOW, known(said=said, held_for=held_for), of_sending=frozenset({"OPS002"}))
        plan = make(PolicySettings(), [held], {"acme": FakeConnector()}, given)
        text = comment_text(found[:1])
        after = make(PolicySettings(), [held], {"acme": FakeConnector()}, replace(given, memory=known(said=text)))

    assert [(p.step.verb, p.step.label) for p in plan.planned] == [(Verb.COMMENT, text)] * texts
    assert after.planned == ()
