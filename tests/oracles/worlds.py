"""Open questions: read a mail once under every answer, and claim only what all of them agree on."""

from __future__ import annotations

from collections.abc import Callable


class Unknown(Exception):
    """The notes do not say what arrives."""


class World:
    """One way in which the open questions may be answered; a question keeps its answer within a world."""

    def __init__(self, answers: dict[str, bool]) -> None:
        self.answers = answers
        self.open: str | None = None

    def holds(self, question: str) -> bool:
        """The answer here; the first question that has none yet is noted, so that both answers are tried."""
        if question not in self.answers:
            self.open = self.open or question
            self.answers[question] = False
        return self.answers[question]


def same_in_every_world(read: Callable[[World], str]) -> str:
    """What `read` returns in all worlds; raises Unknown when it does in one, or when two worlds differ."""
    texts = set()
    waiting: list[dict[str, bool]] = [{}]
    while waiting:
        answers = waiting.pop()
        world = World(dict(answers))
        text = read(world)
        if world.open is None:
            texts.add(text)
        else:
            waiting += [{**answers, world.open: answer} for answer in (False, True)]
    if len(texts) > 1:
        raise Unknown("the open questions decide what arrives")
    return texts.pop()
