"""What do all policy models have in common?"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

RoleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Label = Annotated[str, StringConstraints(pattern=r"^\S(.{0,30}\S)?$")]
Phrase = Annotated[str, StringConstraints(min_length=2, max_length=300)]
PersonId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{1,30}$")]
Paragraph = Annotated[str, StringConstraints(min_length=40, max_length=600)]


class Model(BaseModel):
    """Frozen, and strict about keys it does not know, so that a typing error is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")
