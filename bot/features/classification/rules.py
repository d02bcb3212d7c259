"""Which class may an incident have, and who hears of it early?"""

from __future__ import annotations

from typing import Any

from bot.core import calling, ids, rights, typed
from bot.core.facts import Fact, Words
from bot.core.facts.severity import Classified, ImpactAssessed
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.features.classification import blocks
from bot.features.classification.state import NOTHING, Classification
from runbooks.model import Policy

TEXT_CHARS = 1000
TEXTS = (
    "effort", "reason", "harmed", "how_many", "jurisdictions", "legal_exposure", "promises",
)  # fmt: skip
EXPOSED = ("legal", "privacy")
_NONE = {"", "-", "none", "no", "nothing", "nobody", "n/a", "no exposure"}


@typed.masks("what you said of the class", typed.AGAIN, *TEXTS)
def classify(incident: Incident, form: Classified, context: Context) -> Outcome:
    """Record what differs from what is known; it may change as often as the room learns more."""
    rights.require_at_work(incident, context)
    known = context.states.of(Classification)
    _require_offered(form, context.policy)
    changed = _changed(form, known)
    reason = changed.pop("reason", None)
    bucket = changed.get("bucket") or known.bucket
    contributors = changed.pop("contributors", known.contributors)
    others = tuple(one for one in contributors or () if one != bucket)
    if others != (known.contributors or ()):
        changed["contributors"] = others
    if not changed:
        return Outcome()
    return Outcome((Classified(**changed, reason=reason),))


@typed.masks("what you said of the impact", typed.AGAIN, *TEXTS)
def assess(incident: Incident, form: ImpactAssessed, context: Context) -> Outcome:
    """Record what is new on the checklist; exposure calls legal and privacy early, once."""
    rights.require_at_work(incident, context)
    _require_offered(form, context.policy)
    changed = _changed(form, context.states.of(Classification))
    if not changed:
        return Outcome()
    fact = ImpactAssessed(**changed)
    outcome = Outcome((fact,))
    if not is_exposed(fact):
        return outcome
    after = calling.advanced(incident, outcome, context)
    roles = [role for role in EXPOSED if context.policy.roles.find(role)]
    return outcome + calling.call_roles(after, roles, "exposure", context)


def is_exposed(fact: ImpactAssessed) -> bool:
    """Whether personal data or a legal exposure is named; words such as "none" name nothing."""
    has_data = bool(set(fact.data_types or ()) - {NOTHING})
    said = (fact.legal_exposure or "").strip(" .").casefold()
    return has_data or said not in _NONE


def _changed(form: Fact, known: Classification) -> dict[str, Any]:
    """What of the form differs; what was left empty stays, but all ticks may be taken out."""
    changed: dict[str, Any] = {}
    for name, value in form:
        before = getattr(known, name, None)
        said = _words(name, value) if name in TEXTS and value else value
        said = (NOTHING,) if isinstance(said, tuple) and NOTHING in said else said
        if said != before and (said or (isinstance(said, tuple) and before)):
            changed[name] = said
    return changed


def _words(name: str, typed: str) -> Words | None:
    said = ids.clean(typed)
    if len(said) > TEXT_CHARS:
        raise Refused(
            f"That is {len(said):,} characters; keep it to {TEXT_CHARS:,} and put the rest into "
            "the room.",
            field=name,
        )
    return Words(said) if said else None


def _require_offered(form: Fact, policy: Policy) -> None:
    """Refuse a choice that the policy does not offer, as after a change of the policy."""
    offered = blocks.offered(policy)
    for name, value in form:
        chosen = value if isinstance(value, tuple) else (value,)
        if name in offered and (odd := [one for one in chosen if one and one not in offered[name]]):
            raise Refused(
                f"The policy does not offer {odd[0]} any more. Open the form again and choose.",
                field=name,
            )
