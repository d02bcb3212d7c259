"""Does a target get what it is owed, and does nobody else get anything?"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ThreadedResolver, web
from aiohttp.abc import AbstractResolver
from standardwebhooks import Webhook

from bot.clock import Clock
from bot.core import webhooks
from bot.core.failures import Permanent, Retryable, Unknown
from bot.core.outcome import Refused
from bot.core.webhooks import Sent
from bot.hooks.callbacks import Callbacks
from bot.hooks.targets import ANSWER_BYTES, Targets
from runbooks import load
from runbooks.model import Target, Webhooks
from tests.hooks.receiver import Receiver, receiving
from tests.hooks.test_guard import Answering

NOW = datetime(2026, 11, 21, 3, 12, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"a secret of some length").decode()
TOKEN = "ghp_hunter2hunter2"
SHIPPED = load.policy().webhooks


@dataclass(frozen=True)
class Owed:
    """One thing as the outbox would hand it over."""

    body: dict[str, Any]
    name: str = "incident/12 hook 1"
    attempts: int = 1
    first_claimed_at: datetime = NOW


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Another system, on this machine."""
    async with receiving() as receiver:
        yield receiver


def target(receiver: Receiver, **differing: Any) -> Target:
    usual: dict[str, Any] = {
        "id": "issues",
        "label": "Issues",
        "url": f"{receiver.url}/repos/${{owner}}/issues",
        "headers": {"Authorization": "Bearer ${secret.token}"},
        "secrets": {"token": "TOKEN"},
        "body": {"title": "${title}"},
        "answer": {"reference": "#${answer.number}", "link": "${answer.html_url}"},
    }
    return Target.model_validate({**usual, **differing})


def owed(one: Target, attempts: int = 1, **values: webhooks.Scalar) -> Owed:
    given = {"owner": "acme/../x", "title": "It says ${secret.token}", **values}
    sent = Sent("incident/12 hook 1", "step/3", one.id)
    body = json.loads(json.dumps(dict(webhooks.send(sent, 12, one, given).body)))
    return Owed(body, attempts=attempts)


async def send(
    receiver: Receiver, one: Owed, *, resolver: AbstractResolver | None = None, **more: Any
) -> dict[str, Any]:
    place = receiver.url.removeprefix("http://")
    policy = Webhooks(private_hosts=(place, *more.pop("private_hosts", ())), **more)
    environ = {"TOKEN": TOKEN, "SIGNED_WITH": SECRET, "URL_SECRET": f"{receiver.url}/in?key=zebra"}
    back = Callbacks("a secret", "https://warroom.example", Clock())
    resolve = (lambda: resolver) if resolver else ThreadedResolver
    return await Targets(policy, Clock(), environ, back, resolve)(one)


async def test_a_target_gets_its_words_and_the_answer_is_kept(receiver: Receiver) -> None:
    receiver.always["/repos/acme%2F..%2Fx/issues"] = {}
    receiver.answers.append(
        web.json_response(
            {"number": 7, "html_url": "https://github.com/acme/x/issues/7"}, status=201
        )
    )
    kept = await send(receiver, owed(target(receiver)))
    [(path, headers, body)] = receiver.requests
    assert path == "/repos/acme%2F..%2Fx/issues"
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert json.loads(body) == {"title": "It says ${secret.token}"}
    assert kept == {
        "status": 201, "reference": "#7", "link": "https://github.com/acme/x/issues/7",
    }  # fmt: skip


async def test_it_is_signed_and_a_repeat_has_the_same_id(receiver: Receiver) -> None:
    one = target(receiver, signed_with="SIGNED_WITH", body={"id": "${send_id}"})
    await send(receiver, owed(one))
    await send(receiver, owed(one, attempts=2))
    first, second = receiver.requests
    assert first[1]["webhook-id"] == second[1]["webhook-id"] == json.loads(first[2])["id"]
    assert Webhook(SECRET).verify(first[2], first[1]) == json.loads(first[2])


async def test_an_address_can_be_a_secret_itself(receiver: Receiver) -> None:
    await send(receiver, owed(target(receiver, url=None, url_env="URL_SECRET")))
    assert receiver.requests[0][0] == "/in?key=zebra"


@pytest.mark.parametrize("to", ["http://169.254.169.254/latest/meta-data", "/elsewhere"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed_elsewhere(receiver: Receiver, to: str, status: int) -> None:
    receiver.answers.append(web.Response(status=status, headers={"Location": to}))
    with pytest.raises(Permanent, match=f"HTTP {status}"):
        await send(receiver, owed(target(receiver)))
    assert len(receiver.requests) == 1


async def test_a_name_is_resolved_once_and_what_it_is_later_does_not_count(
    receiver: Receiver,
) -> None:
    port = receiver.url.rpartition(":")[2]
    name = f"box.local:{port}"
    rebinding = Answering(["127.0.0.1"], ["169.254.169.254"])
    one = owed(target(receiver, url=f"http://{name}/in"))
    await send(receiver, one, resolver=rebinding, private_hosts=(name,))
    assert (len(receiver.requests), rebinding.asked) == (1, 1)
    assert receiver.requests[0][1]["Host"] == name
    with pytest.raises(Permanent, match="never reached"):
        await send(receiver, one, resolver=rebinding, private_hosts=(name,))
    assert len(receiver.requests) == 1


async def test_a_public_name_that_leads_to_this_machine_is_refused(receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    one = owed(target(receiver, url=f"https://outside.example:{port}/in"))
    with pytest.raises(Permanent, match="private address"):
        await send(
            receiver, one, resolver=Answering(["127.0.0.1"]), hosts=(f"outside.example:{port}",)
        )
    assert receiver.requests == []


async def test_a_host_that_nobody_listed_is_not_even_asked_for(receiver: Receiver) -> None:
    resolver = Answering(["140.82.121.6"])
    with pytest.raises(Permanent, match="not among hosts"):
        await send(receiver, owed(target(receiver, url="https://evil.example/")), resolver=resolver)
    assert resolver.asked == 0


@pytest.mark.parametrize(
    ("status", "failure"),
    [(400, Permanent), (404, Permanent), (429, Retryable), (500, Unknown), (503, Unknown)],
)
async def test_the_answer_decides_whether_it_is_sent_again(
    receiver: Receiver, status: int, failure: type[Exception]
) -> None:
    receiver.answers.append(web.Response(status=status, text=TOKEN))
    with pytest.raises(failure) as caught:
        await send(receiver, owed(target(receiver)))
    assert type(caught.value) is failure
    assert TOKEN not in str(caught.value)


async def test_after_enough_tries_it_is_given_up(receiver: Receiver) -> None:
    receiver.answers.append(web.Response(status=500))
    with pytest.raises(Permanent, match="given up after 3 tries .issues: HTTP 500"):
        await send(receiver, owed(target(receiver, tries=3), attempts=3))


async def test_what_is_silent_is_left_after_its_time(receiver: Receiver) -> None:
    receiver.trouble = "is silent"
    with pytest.raises(Unknown, match="TimeoutError"):
        await send(receiver, owed(target(receiver, time_limit="PT1S")))


async def test_an_endless_answer_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.answers.append(web.Response(text=json.dumps({"number": "7" * (ANSWER_BYTES + 1)})))
    assert await send(receiver, owed(target(receiver))) == {"status": 200}


async def test_a_secret_that_comes_back_is_not_kept(receiver: Receiver) -> None:
    back = {"number": f"you sent {TOKEN}", "html_url": f"https://x.example/?t={TOKEN}"}
    receiver.answers.append(web.json_response(back))
    kept = await send(receiver, owed(target(receiver)))
    assert kept["reference"] == "#you sent [redacted]"
    assert TOKEN not in json.dumps(kept)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "https://x.example/<b>|x", "", 7])
async def test_what_is_no_link_is_not_kept_as_one(receiver: Receiver, link: object) -> None:
    receiver.answers.append(web.json_response({"number": 1, "html_url": link}))
    assert await send(receiver, owed(target(receiver))) == {"status": 200, "reference": "#1"}


@pytest.mark.parametrize("name", ["TOKEN", "URL_SECRET"])
async def test_a_variable_that_is_not_set_is_said_by_its_name(
    receiver: Receiver, name: str
) -> None:
    one = owed(target(receiver, secrets={"token": "NOT_SET"}))
    with pytest.raises(Permanent, match="NOT_SET is not set"):
        await send(receiver, one)


def test_a_value_that_is_lacking_is_asked_for_before_anything_is_owed() -> None:
    github = SHIPPED.find("github")
    assert github
    with pytest.raises(Refused, match="also needs: details, incident, repository"):
        webhooks.send(Sent("n", "step/1", "github"), 1, github, {"owner": "a", "title": "b"})


@pytest.mark.parametrize("one", SHIPPED.targets, ids=lambda one: one.id)
def test_what_is_owed_holds_names_of_secrets_and_survives_the_outbox(one: Target) -> None:
    values = dict.fromkeys(one.wants, "x")
    body = json.loads(
        json.dumps(dict(webhooks.send(Sent("n", "step/1", one.id), 1, one, values).body))
    )
    assert Target.model_validate(body["target"]) == one
    assert body["values"] == values


def test_the_five_shipped_targets_are_there() -> None:
    assert [one.id for one in SHIPPED.targets] == [
        "pagerduty", "jira", "github", "statuspage", "generic",
    ]  # fmt: skip
    assert [one.id for one in SHIPPED.targets if one.calls_back] == ["generic"]
