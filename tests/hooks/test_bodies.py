"""What do the bodies of other systems say?"""

from __future__ import annotations

import json

import pytest

from bot.core.alerts import Alert
from bot.hooks import bodies
from bot.hooks.bodies import Ack, Malformed

PLAIN = {"title": "Refusal rate dropped", "source": "grafana", "severity": "Critical"}
FIRING = {
    "status": "firing",
    "labels": {"alertname": "RefusalRate", "severity": "critical", "model": "dosage-7"},
    "annotations": {"summary": "Refusals of dosage-7 fell to 2 %", "description": "Of 4,000 chats"},
    "startsAt": "2026-03-02T03:40:00.000Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "https://prometheus.example/graph?g0.expr=refusals",
    "fingerprint": "c6eadffa33fcdf37",
}
GROUP = {
    "version": "4",
    "groupKey": '{}:{alertname="RefusalRate"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "warroom",
    "groupLabels": {"alertname": "RefusalRate"},
    "commonLabels": {"alertname": "RefusalRate", "severity": "critical"},
    "commonAnnotations": {"summary": "Refusals of dosage-7 fell to 2 %"},
    "externalURL": "https://alertmanager.example",
    "alerts": [FIRING],
}


def _alert(body: object) -> Alert | None:
    return bodies.alert("one", json.dumps(body).encode())


def _some(body: object) -> Alert:
    told = _alert(body)
    assert told is not None
    return told


def test_an_alert_says_what_is_wrong_and_how_bad_it_is() -> None:
    told = _some({**PLAIN, "link": "https://grafana.example/d/1", "of_its_own": [1, {"a": None}]})
    assert (told.key, told.title, told.source) == ("alert one", "Refusal rate dropped", "grafana")
    assert (told.severity_word, told.link) == ("critical", "https://grafana.example/d/1")


def test_the_fingerprint_says_whether_it_is_the_same_trouble() -> None:
    assert _some(PLAIN).fingerprint == _some({**PLAIN, "severity": "info"}).fingerprint
    assert _some(PLAIN).fingerprint != _some({**PLAIN, "title": "Another"}).fingerprint
    first = _some({**PLAIN, "fingerprint": "f1"})
    assert first.fingerprint == _some({"title": "Another", "fingerprint": "f1"}).fingerprint


@pytest.mark.parametrize("chars", [151, 3001, 100_000])
def test_a_long_title_is_shortened(chars: int) -> None:
    told = _some({"title": "é" * chars, "source": "s" * chars, "severity": "w" * chars})
    assert told.title == "é" * 149 + "…"
    assert told.source == "s" * 79 + "…"
    assert told.severity_word == "w" * 40


def test_characters_that_nobody_sees_are_left_out() -> None:
    assert _some({"title": "Refusal\u0000 \u202erate"}).title == "Refusal rate"


@pytest.mark.parametrize("status", ["resolved", "Resolved", "ok", "recovered", "closed"])
def test_a_recovery_is_no_alert(status: str) -> None:
    assert _alert({**PLAIN, "status": status}) is None
    assert _alert({"status": status}) is None
    assert _alert({**GROUP, "status": status}) is None
    assert _alert({**GROUP, "alerts": [{**FIRING, "status": status}]}) is None


def test_an_alert_that_says_that_it_fires_is_one() -> None:
    assert _some({**PLAIN, "status": "firing"}) == _some(PLAIN)


def test_a_group_of_alertmanager_is_one_alert() -> None:
    told = _some(GROUP)
    assert told.title == "Refusals of dosage-7 fell to 2 %"
    assert (told.source, told.severity_word) == ("alertmanager", "critical")
    assert told.link == "https://prometheus.example/graph?g0.expr=refusals"
    second = {**FIRING, "labels": {"alertname": "RefusalRate"}, "fingerprint": "other"}
    assert _some({**GROUP, "alerts": [FIRING, second]}).fingerprint == told.fingerprint
    assert _some({**GROUP, "groupKey": "{}:{}"}).fingerprint != told.fingerprint


def test_a_group_is_as_bad_as_its_worst_alert_that_still_fires() -> None:
    def as_bad(*severities: tuple[str, str]) -> str | None:
        alerts = [
            {**FIRING, "status": status, "labels": {"severity": word}}
            for status, word in severities
        ]
        return _some({**GROUP, "commonLabels": {}, "alerts": alerts}).severity_word

    assert as_bad(("firing", "warning"), ("firing", "critical")) == "critical"
    assert as_bad(("firing", "warning"), ("resolved", "critical")) == "warning"
    assert as_bad(("firing", "page")) is None
    assert _some({**GROUP, "commonLabels": {"severity": "page"}}).severity_word == "page"


def test_a_group_that_says_little_is_still_an_alert() -> None:
    told = _some({"groupKey": "k", "alerts": [{"generatorURL": ""}], "commonAnnotations": {}})
    assert told.title == "An alert without a name"
    assert told.link is None
    assert told.severity_word is None


def test_grafana_sends_the_same_shape() -> None:
    told = _some({**GROUP, "orgId": 1, "title": "[FIRING:1] RefusalRate", "state": "alerting"})
    assert (told.source, told.title) == ("grafana", "Refusals of dosage-7 fell to 2 %")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not JSON."),
        (b"{", "The body is not JSON."),
        (b"[" * 100_000, "The body is not JSON."),
        (b'{"title": "\\ud800"}', "The body is not JSON."),
        (b"\xff\xfe{", "The body is not UTF-8."),
        (b"[]", "The body is not a JSON object."),
        (b"null", "The body is not a JSON object."),
        (b"{}", "title: Field required."),
        (b'{"title": 3}', "title: Input should be a valid string."),
        (b'{"title": " "}', "title: String should have at least 1 character."),
        (b'{"title": "\\u0000"}', "title: it has no letters."),
        (
            b'{"title": "x", "link": "ftp://x"}',
            "link: it has to begin with https:// or http:// and have no spaces.",
        ),
        (b'{"alerts": []}', "groupKey: Field required."),
        (b'{"alerts": [3], "groupKey": "k"}', "alerts.0: Input should be a valid dictionary"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(body: bytes, sentence: str) -> None:
    with pytest.raises(Malformed) as caught:
        bodies.alert("one", body)
    assert str(caught.value).startswith(sentence)


def test_an_answer_names_a_call_and_perhaps_a_person() -> None:
    body = {"call": "INC-12/call/3", "by": "a@b.c", "is_resolved": True}
    assert bodies.ack("one", json.dumps(body).encode()) == Ack(
        "ack one", "INC-12/call/3", "a@b.c", is_resolved=True
    )
    for by in ("", "a" * 400, 7, None, ["a@b.c"]):
        told = bodies.ack("one", json.dumps({**body, "by": by}).encode())
        assert told.by_email is None
    calls: tuple[object, ...] = (None, 3, {})
    for call in calls:
        with pytest.raises(Malformed, match="call: it names no call"):
            bodies.ack("one", json.dumps({**body, "call": call}).encode())


@pytest.mark.parametrize(
    ("agent", "by"),
    [
        ({"type": "user_reference", "id": "P1", "summary": "Elena"}, None),
        ({"type": "user_reference", "email": None}, None),
        ({"email": "elena@example.test"}, "elena@example.test"),
        (None, None),
        ("P1", None),
    ],
)
def test_pagerduty_says_that_a_call_was_answered_and_rarely_by_whom(
    agent: object, by: str | None
) -> None:
    event = {
        "id": "01",
        "event_type": "incident.acknowledged",
        "agent": agent,
        "data": {"incident_key": "INC-12/call/3"},
    }
    told = bodies.pagerduty_ack(json.dumps({"event": event}).encode())
    assert told == Ack("pagerduty 01", "INC-12/call/3", by, is_resolved=False)


@pytest.mark.parametrize("odd", [None, "", 7, [], "a\x00b", "x" * 256])
def test_an_answer_that_cannot_be_known_again_is_malformed(odd: object) -> None:
    event = {"id": odd, "event_type": "incident.acknowledged", "data": {"incident_key": "INC-12"}}
    with pytest.raises(Malformed, match=r"^event\.id: "):
        bodies.pagerduty_ack(json.dumps({"event": event}).encode())


@pytest.mark.parametrize("kind", ["incident.triggered", "pagey.ping", None, [], {}])
def test_what_pagerduty_tells_beside_answers_is_let_pass(kind: object) -> None:
    body = json.dumps({"event": {"id": "01", "event_type": kind}}).encode()
    assert bodies.pagerduty_ack(body) is None
