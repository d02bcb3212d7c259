"""Is what several runbooks say they share the same in each of them?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runbooks.across import Steps
from runbooks.agreeing import Disagreement
from runbooks.fields import Field
from runbooks.runbook import Runbook
from runbooks.steps import Form, Step

Place = tuple[str, Disagreement]  # the runbook's id, and what is wrong there


def at_odds(books: Mapping[str, Runbook]) -> Iterator[Place]:
    """Every `shares` that no other runbook has, or that is another kind of act there.

    And every prerequisite that is answered in another way under the same id.
    """
    first: dict[str, tuple[str, Step]] = {}
    for book in books.values():
        for step in book.steps:
            if step.shares:
                first.setdefault(step.shares, (book.id, step))
    for book in books.values():
        for place, step in enumerate(book.steps):
            if step.shares:
                yield from _step(book, place, first, books)
    yield from _prerequisites(books)


def _step(
    book: Runbook, place: int, first: Mapping[str, tuple[str, Step]], books: Mapping[str, Runbook]
) -> Iterator[Place]:
    step, key = book.steps[place], book.steps[place].shares or ""
    sharing = [one.id for one in books.values() if key in {each.shares for each in one.steps}]
    other, model = first[key]
    if sharing == [book.id] and len(books) > 1:
        known = ", ".join(name for name, (id_, _) in first.items() if id_ != book.id)
        told = f"is {key}, which no other runbook has; use one of {known or 'theirs'}, or remove it"
        yield book.id, Disagreement(("steps", place, "shares"), told)
    elif step.type != model.type:
        told = f"is {key}, which is of type {model.type} in {other}, not {step.type}; use another"
        yield book.id, Disagreement(("steps", place, "shares"), told)
    else:
        yield from ((book.id, one) for one in _questions(step, place, (other, model)))


def _questions(step: Step, place: int, other: tuple[str, Step]) -> Iterator[Disagreement]:
    """Questions of the same id that ask for something else in the runbook that has it first."""
    id_, model = other
    theirs = {one.id: one.type for one in _asked(model)}
    name = "fields" if isinstance(step, Form) else "records"
    for at, one in enumerate(_asked(step)):
        if theirs.get(one.id, one.type) != one.type:
            where: Steps = ("steps", place, name, at)
            told = f"asks {one.id} as {one.type}, and {id_}, which shares the step, as "
            yield Disagreement(where, f"{told}{theirs[one.id]}; give it an id of its own")


def _asked(step: Step) -> tuple[Field, ...]:
    return step.fields if isinstance(step, Form) else step.records


def _prerequisites(books: Mapping[str, Runbook]) -> Iterator[Place]:
    first: dict[str, tuple[str, str]] = {}
    for book in books.values():
        for place, one in enumerate(book.prerequisites):
            other, answer = first.setdefault(one.id, (book.id, one.answer))
            if answer != one.answer:
                told = f"is {one.answer}, and {other} asks {one.id} as {answer}; use another id"
                yield book.id, Disagreement(("prerequisites", place, "answer"), told)
