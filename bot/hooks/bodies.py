"""What do the bodies of other systems say?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bot.core import blockkit, ids
from bot.core.alerts import Alert

_TITLE_CHARS = 150
_SOURCE_CHARS = 80
_WORD_CHARS = 40
_ID_CHARS = 255
_ADDRESS_CHARS = 320
_RECOVERED = {"resolved", "recovered", "ok", "closed"}
# Of a group whose alerts disagree. Words that are not here count when the whole group shares them.
_WORST_FIRST = ("critical", "error", "warning", "info")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Link = Annotated[str, StringConstraints(pattern=r"^https?://\S{1,2000}$")]
# Alertmanager sends "" or a path where a link is not known; the alert counts all the same.
Generator = Annotated[str | None, BeforeValidator(lambda given: given if _is_link(given) else None)]


class Malformed(Exception):
    """It says nothing that can be used; the sentence says why."""


class AlertBody(BaseModel):
    """What POST /hooks/alert takes; see bot/hooks/README.md."""

    title: Text
    source: Text = "alert"
    severity: Text | None = None
    fingerprint: Text | None = None
    link: Link | None = None


class Firing(BaseModel):
    """One alert of a group."""

    status: str = "firing"
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    generator: Generator = Field(default=None, alias="generatorURL")


class Group(BaseModel):
    """What Alertmanager sends (version 4), and Grafana in the same shape.

    https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
    """

    group_key: Text = Field(alias="groupKey")
    status: str = "firing"
    alerts: list[Firing]
    common_labels: dict[str, str] = Field(default_factory=dict, alias="commonLabels")
    common_annotations: dict[str, str] = Field(default_factory=dict, alias="commonAnnotations")
    of_grafana: int | None = Field(default=None, alias="orgId")


@dataclass(frozen=True)
class Ack:
    """A pager says that a call was answered; `by_email` None: it does not say by whom."""

    key: str
    dedup_key: str
    by_email: str | None
    is_resolved: bool


def alert(delivery: str, body: bytes) -> Alert | None:
    """The alert in a body; None when it says that trouble is over, which opens nothing.

    Raises:
        Malformed: it is no JSON object, or a field is missing or wrong.
    """
    given = _json(body)
    if str(given.get("status") or "").strip().casefold() in _RECOVERED:
        return None
    try:
        if isinstance(given.get("alerts"), list):
            told = _of_group(Group.model_validate(given))
        else:
            told = AlertBody.model_validate(given)
    except ValidationError as error:
        raise Malformed(_sentence(error.errors()[0])) from error
    if told is None:
        return None
    title, source = ids.clean(told.title), ids.clean(told.source)
    if not title:
        raise Malformed("title: it has no letters.")
    fingerprint = told.fingerprint or f"{told.source} {told.title}"
    return Alert(
        key=f"alert {delivery}",
        title=blockkit.shorten(title, _TITLE_CHARS),
        source=blockkit.shorten(source or "alert", _SOURCE_CHARS),
        severity_word=told.severity.casefold()[:_WORD_CHARS] if told.severity else None,
        fingerprint=hashlib.sha256(fingerprint.encode()).hexdigest()[:32],
        link=told.link,
    )


def _of_group(group: Group) -> AlertBody | None:
    firing = [one for one in group.alerts if one.status.casefold() not in _RECOVERED]
    if not firing:
        return None
    first = firing[0]
    titles = (
        group.common_annotations.get("summary"),
        group.common_labels.get("alertname"),
        first.annotations.get("summary"),
        first.labels.get("alertname"),
        "An alert without a name",
    )
    return AlertBody(
        title=next(one for one in titles if one and one.strip()),
        source="grafana" if group.of_grafana is not None else "alertmanager",
        severity=_severity(group, firing),
        fingerprint=group.group_key,
        link=first.generator,
    )


def _severity(group: Group, firing: list[Firing]) -> str | None:
    common = group.common_labels.get("severity", "").strip()
    if common:
        return common
    words = {one.labels.get("severity", "").strip().casefold() for one in firing}
    return next((word for word in _WORST_FIRST if word in words), None)


def ack(delivery: str, body: bytes) -> Ack:
    """An answer in our own webhook's shape: {"call": "INC-12/call/3", "by": "a@b.c"}.

    Raises:
        Malformed: it names no call.
    """
    given = _json(body)
    call = given.get("call")
    if not isinstance(call, str):
        raise Malformed("call: it names no call, such as INC-12/call/3.")
    is_resolved = given.get("is_resolved") is True
    return Ack(f"ack {delivery}", call, _address(given.get("by")), is_resolved)


def pagerduty_ack(body: bytes) -> Ack | None:
    """The answer in a PagerDuty V3 webhook; None for events that are no answer.

    Raises:
        Malformed: it is not what PagerDuty sends.
    """
    event = _json(body).get("event")
    if not isinstance(event, dict):
        raise Malformed("event: it is missing.")
    kind = event.get("event_type")
    if kind not in ("incident.acknowledged", "incident.resolved"):
        return None
    about, agent = event.get("data"), event.get("agent")
    call = about.get("incident_key") if isinstance(about, dict) else None
    return Ack(
        key=f"pagerduty {_event_id(event)}",
        dedup_key=call if isinstance(call, str) else "",
        by_email=_address(agent.get("email")) if isinstance(agent, dict) else None,
        is_resolved=kind == "incident.resolved",
    )


def _event_id(event: Mapping[str, object]) -> str:
    """By which the same event is known again; one for all that lack it would swallow them."""
    given = event.get("id")
    if isinstance(given, str) and given.isprintable() and 0 < len(given) <= _ID_CHARS:
        return given
    raise Malformed("event.id: it is missing, or nothing that PagerDuty gives.")


def text(body: bytes) -> str:
    """A body as text.

    Raises:
        Malformed: it is not UTF-8.
    """
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(text(body))
        # Half a surrogate pair is JSON, and no text: it could neither be written nor sent on.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON.") from error
    if not isinstance(given, dict):
        raise Malformed("The body is not a JSON object.")
    return given


def _address(given: object) -> str | None:
    return given if isinstance(given, str) and 0 < len(given) <= _ADDRESS_CHARS else None


def _is_link(given: object) -> bool:
    return isinstance(given, str) and given.startswith(("https://", "http://"))


def _sentence(fault: ErrorDetails) -> str:
    where = ".".join(str(step) for step in fault["loc"])
    if fault["type"] == "string_pattern_mismatch":
        return f"{where}: it has to begin with https:// or http:// and have no spaces."
    return f"{where or 'body'}: {fault['msg']}."
