"""How does one read what became of a run, line by line?"""

from __future__ import annotations

from bot.core import blockkit, ids
from bot.core.blockkit import when
from bot.core.facts import Fact
from bot.core.facts import runbooks as f
from bot.core.runs import lapsing

_WORDS_CHARS = 320
_WHY = {"asked": "", "owed": ", whose record is owed", "rule": ", because a rule asks for it"}
_LEFT = {"skipped": "skipped", "waived": "waived", "not_applicable": "said not to apply"}
_DECIDED = {
    "approved": "approved",
    "conditions": "approved with conditions",
    "refused": "refused",
}


def told(fact: Fact) -> str:
    """What was done, behind the name of who did it; empty for any other fact."""
    ways = (_of_run, _of_rule, _of_step, _of_approval, _of_others)
    return next(filter(None, (way(fact) for way in ways)), "")


def _of_run(fact: Fact) -> str:
    match fact:
        case f.RunStarted():
            title = blockkit.cut(fact.title, 80)
            origin = f", which began in {ids.reference(fact.origin[0])}" if fact.origin else ""
            return f"started runbook {fact.run}, {title} {fact.edition}{_WHY[fact.why]}{origin}"
        case f.GovernanceTierSet():
            return f"set the governance tier to {fact.tier}{_said(fact.reason)}"
        case f.PrerequisiteAnswered():
            name = fact.prerequisite.replace("_", " ")
            met = {"yes": "is there", "not_yet": "is not there yet"}.get(fact.met, "is not needed")
            return f"said that {name} {met}{_said(fact.note)}"
        case f.ReviewLinked():
            return f"linked the review of {when(fact.at)}"
        case f.RunFinished():
            return f"finished runbook {fact.run}"
    return ""


def _of_rule(fact: Fact) -> str:
    match fact:
        case f.RuleFired():
            name = fact.rule.replace("_", " ")
            return f"said that the rule {name} of runbook {fact.run} applies{_said(fact.note)}"
        case f.RuleMet():
            met = "met" if fact.is_met else "not met"
            name = fact.rule.replace("_", " ")
            return f"called the rule {name} of runbook {fact.run} {met}{_said(fact.note)}"
        case f.RuleEscalated():
            name, roles = fact.rule.replace("_", " "), ", ".join(fact.roles) or "nobody anew"
            missing = f", and found nobody for {', '.join(fact.nobody)}" if fact.nobody else ""
            return f"called {roles} because of the rule {name} of runbook {fact.run}{missing}"
    return ""


def _of_step(fact: Fact) -> str:
    match fact:
        case f.StepClaimed():
            return f"says that {_step(fact)} is done, for somebody else to look{_said(fact.note)}"
        case f.StepDone():
            second = f", after <@{fact.first}> did it" if fact.first else ""
            return f"called {_step(fact)} done{second}{_said(fact.note)}"
        case f.StepLeft():
            return f"left {_step(fact)}, {_LEFT[fact.how]}{_said(fact.reason)}"
        case f.StepReopened():
            return f"opened {_step(fact)} again{_said(fact.reason)}"
        case f.StepAdded():
            return f"added {_step(fact)} for <@{fact.owner}>{_said(fact.title)}"
        case f.StepReassigned():
            return f"gave {_step(fact)} to <@{fact.owner}>{_said(fact.reason)}"
        case f.FormAnswered():
            return f"answered {_step(fact)}, version {fact.edition}"
    return ""


def _of_approval(fact: Fact) -> str:
    match fact:
        case f.ApprovalAsked():
            return f"asked for approval of {_step(fact)}{_said(fact.text)}"
        case f.ApprovalAnswered():
            kept = f"; on condition{_said(fact.conditions)}" if fact.conditions else ""
            return f"{_DECIDED[fact.decision]} {_step(fact)}{_said(fact.reason)}{kept}"
        case f.ApprovalDelegated():
            return f"let <@{fact.to}> decide on {_step(fact)}{_said(fact.reason)}"
        case f.ApprovalWithdrawn():
            return f"took the request for {_step(fact)} back"
        case f.ApprovalExpired():
            return f"let the request for {_step(fact)} expire, as nobody decided"
        case f.ApprovalLapsed():
            changed = f"step {fact.because} of runbook {fact.because_run}"
            what = lapsing.HOW[fact.how]
            return f"put {_step(fact)} up to be decided again, because {changed} {what}"
    return ""


def _of_others(fact: Fact) -> str:
    match fact:
        case f.ProofAdded():
            items = ", ".join(f"E-{number}" for number in fact.numbers)
            kind = f" as {fact.kind.replace('_', ' ')}" if fact.kind else ""
            return f"added {items} to {_step(fact)}{kind}"
        case f.StepBrought():
            return f"took {_step(fact)} along, {fact.status}{_said(fact.note)}"
        case f.TargetCalled():
            return f"called {fact.target} for {_step(fact)}"
        case f.TargetSettled():
            return f"did by hand what {fact.target} was to do for {_step(fact)}{_said(fact.note)}"
    return ""


def _step(fact: f.OfStep) -> str:
    return f"step {fact.step} of runbook {fact.run}"


def _said(words: str | None) -> str:
    one_line = " ".join((words or "").split())
    return f": {blockkit.cut(one_line, _WORDS_CHARS // 2)}" if one_line else ""
