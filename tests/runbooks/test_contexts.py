"""Does a runbook ask for more where partners or customers are concerned?"""

from __future__ import annotations

import pytest

from runbooks.contexts import fitted
from runbooks.runbook import Runbook
from tests.runbooks.tables import EVERY, book


def test_a_partner_adds_a_question_work_at_a_step_and_what_to_avoid() -> None:
    shipped = book("model-output-causing-harm")
    one = fitted(shipped, "partner")
    assert [asked.id for asked in one.prerequisites][-1] == "partner_contact"
    assert one.step(2).instruction.startswith(shipped.step(2).instruction)
    assert one.step(2).instruction.endswith("\n\nAsk the partner to keep their logs, too, and to "
                                            "hold changes on their side.")  # fmt: skip
    assert one.step(1) == shipped.step(1)
    assert one.do_not[-1].startswith("Do not let the partner announce a cause for you")


def test_without_a_context_it_is_as_written() -> None:
    assert fitted(book("bias-spike"), None) == book("bias-spike")
    bare = book("bias-spike").model_copy(update={"variants": ()})
    assert fitted(bare, "partner") == bare


@pytest.mark.parametrize("id_", EVERY)
def test_each_variant_is_a_runbook_too(id_: str) -> None:
    for variant in book(id_).variants:
        one = fitted(book(id_), variant.context)
        assert one != book(id_)
        assert Runbook.model_validate_json(one.model_dump_json()) == one
