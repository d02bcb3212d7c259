"""Does each shipped runbook run from start to end, by what its own file says?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import webhooks
from bot.core.facts.evidence import EvidencePreserved
from bot.core.facts.webhooks import WebhookAnswered
from bot.core.outcome import Refused
from bot.core.runs import acts, beginning, questions, seats
from bot.core.runs.model import Answer, Run, Runs, Step
from bot.features.approvals import rules as approvals
from bot.features.forms import rules as forms
from bot.features.manual import rules as manual
from bot.features.proofs import rules as proofs
from bot.features.runbook import rules as runbook
from bot.features.sending import rules as sending
from bot.features.steering import rules as steering
from runbooks.fields import Choice, Choices, Day, Field, Number, People, Range, Rank, YesNo
from runbooks.steps import Approval, FileUpload, Form, Manual, Webhook
from tests.features.runs import Story, library, words
from tests.features.values import NOW, POLICY

ROLES = tuple((role.id, f"U{role.id.upper()}") for role in POLICY.roles.roles)
SCRIBE, IC = "USCRIBE", "UIC"
STREAMS = {"legal_owner": "ULEGAL", "comms_owner": "UCOMMS", "technical_owner": "UTECHNICAL",
           "decider": IC, "spokesperson": f"U{POLICY.roles.spokesperson.upper()}"}  # fmt: skip


def answer(field: Field) -> Answer:
    """An answer that fits."""
    match field:
        case Rank():
            return Answer(("rank1",))
        case Choice() | Choices():
            return Answer((next(iter(field.options)),))
        case Number():
            return Answer(("1",))
        case Range():
            return Answer(("1", "2"))
        case People():
            return Answer((STREAMS.get(field.id, SCRIBE),))
        case Day():
            return Answer(("2026-11-22T03:00:00+00:00" if field.with_time else "2026-11-22",))
        case YesNo():
            return Answer(("no",), "Nobody saw it")
    return Answer(text="As in the record")


def values(step: Step) -> dict[str, Answer]:
    """An answer to each of a step's questions."""
    return {one.id: answer(one) for one in questions.asked(step)}


class Walk:
    """Everybody does their steps, one after the other."""

    def __init__(self, book: str) -> None:
        self.story = Story(book, ROLES)
        kept = EvidencePreserved(
            number=1, item="i", kind=POLICY.evidence.kinds[0].id, name=words("sheet"),
            working=words("sheet"),
            label=POLICY.evidence.usual_label, custodian=SCRIBE, source="text", sha256="0" * 64,
            size_bytes=3, taken_at=NOW,
        )  # fmt: skip
        self.story.did((SCRIBE, kept))

    def owner(self, step: Step) -> str:
        """Who does it."""
        return acts.owner(self.story.incident, step, POLICY) or IC

    def tell(self, rule: object, request: object, by: str) -> None:
        """Carry a rule out."""
        self.story.told(rule(self.story.incident, request, self.story.context(by)), by)  # type: ignore[operator]

    def do(self, step: Step) -> None:
        """Do a step as its kind asks for."""
        held = tuple(one.rule.id for one in self.story.run.held(step.n))
        self.tell(steering.rule, steering.Said(run=1, met=held), IC)
        match step.what:
            case Manual() as what:
                self.finish(step, what)
            case Form():
                self.fill(step)
            case FileUpload() as what:
                self.upload(step, what)
            case Approval() as what:
                self.sign(step, what)
            case Webhook() as what:
                self.send(step, what)

    def finish(self, step: Step, what: Manual) -> None:
        """Say that it is done, and have somebody look where that is asked for."""
        at = (1, step.n)
        done = manual.Finish(at, frozenset(what.checks), "", values(step))
        self.tell(manual.finish, done, self.owner(step))
        if what.second_pair:
            self.tell(manual.confirm, manual.Finish(at), SCRIBE)

    def upload(self, step: Step, what: FileUpload) -> None:
        """Tie what is in the vault to each kind of evidence."""
        at = (1, step.n)
        for kind in what.evidence_kinds:
            self.tell(proofs.add, proofs.Proof(at, kind.id, numbers=(1,)), IC)
        self.tell(proofs.add, proofs.Proof(at, None, is_all=True, values=values(step)), IC)

    def fill(self, step: Step) -> None:
        """Fill in a form, page by page."""
        for page, fields in enumerate(questions.pages(step)):
            said = {one.id: answer(one) for one in fields}
            self.tell(forms.answer, forms.Page((1, step.n), page, said), self.owner(step))

    def sign(self, step: Step, what: Approval) -> None:
        """Ask as the scribe, and have as many agree as it takes."""
        at = (1, step.n)
        wanted = tuple(what.options or ())[:1]
        self.tell(approvals.ask, approvals.Request(at, "Please", wanted, values(step)), SCRIBE)
        with pytest.raises(Refused, match="You asked for this approval"):
            self.tell(approvals.decide, approvals.Decide(at, 1, "approved", "Mine"), SCRIBE)
        owned = seats.owners(self.story.incident, what, POLICY, frozenset({SCRIBE}))
        regular = [person for seat, person in owned.items() if seat != seats.EMERGENCY]
        for person in dict.fromkeys(regular[: what.consent.count]):
            yes = approvals.Decide(
                at, 1, "approved", "It helps", "", wanted, frozenset(what.confirms)
            )
            self.tell(approvals.decide, yes, person)

    def call(self, step: Step, what: Webhook) -> None:
        """Call every system; each answers."""
        needed = ("project", "issue_type", "owner", "repository", "page", "status")
        for target in what.targets:
            fire = sending.Fire((1, step.n), (target.id,), dict.fromkeys(needed, "x"))
            self.tell(sending.fire, fire, self.owner(step))
            call = self.story.run.steps[step.n - 1].calls[target.id]
            about = f"step/1/{step.n}/{target.id}"
            answered = WebhookAnswered(send=call.send, about=about, target=target.id, status=201)
            self.story.did(("warroom", answered))

    def send(self, step: Step, what: Webhook) -> None:
        """Call every system, and link the review where that is waited for."""
        at, by = (1, step.n), self.owner(step)
        given = dict.fromkeys(
            ("project", "issue_type", "owner", "repository", "page", "status"), "x"
        )
        for target in what.targets:
            self.tell(sending.fire, sending.Fire(at, (target.id,), given), by)
            call = self.story.run.steps[step.n - 1].calls[target.id]
            about = f"step/1/{step.n}/{target.id}"
            answered = WebhookAnswered(send=call.send, about=about, target=target.id, status=201)
            self.story.did(("warroom", answered))
        if what.gate.completes_when:
            finish = sending.Finish(at, frozenset(what.checks), values(step))
            with pytest.raises(Refused, match="The post-incident review is not linked yet"):
                self.tell(sending.finish, finish, by)
            review = (NOW + timedelta(days=3), "https://calendar.example/r")
            self.tell(runbook.link_review, review, IC)
        self.tell(sending.finish, sending.Finish(at, frozenset(what.checks), values(step)), by)


def first(run: Run) -> Step | None:
    """The step to do next."""
    return next((step for step in run.steps if step.status == "active"), None)


@pytest.mark.parametrize("book", library().books)
def test_a_shipped_runbook_runs_from_start_to_end(book: str) -> None:
    walk = Walk(book)
    order = []
    while step := first(walk.story.run):
        walk.do(step)
        order.append(step.n)
        assert walk.story.run.steps[step.n - 1].status == "done", step.what.title
        assert len(order) <= len(walk.story.run.steps)
    run = walk.story.run
    assert sorted(order) == [step.n for step in library().books[book].runbook.steps]
    assert run.finished_at == NOW
    for step in run.steps:
        place = order.index(step.n)
        assert all(order.index(n) < place for n in step.what.gate.after)


def test_a_system_that_calls_back_ends_a_step_that_asks_for_nothing_else() -> None:
    book = library().books["data-leakage"]
    bare = [one.model_copy(update={"records": ()}) if one.n == 2 else one
            for one in book.runbook.steps]  # fmt: skip
    runbook_ = book.runbook.model_copy(update={"steps": tuple(bare)})
    walk = Walk("")
    walk.story.did((IC, beginning.begun(replace(book, runbook=runbook_), Runs())))
    step = walk.story.run.steps[1]
    assert isinstance(step.what, Webhook)
    walk.call(step, step.what)
    for target in step.what.targets:
        send = walk.story.run.steps[1].calls[target.id].send
        sent = webhooks.Sent(send, f"step/1/2/{target.id}", target.id)
        came = webhooks.CalledBack(sent, is_done=True)
        walk.tell(sending.follow, came, "warroom")
    assert walk.story.run.steps[1].status == "done"
