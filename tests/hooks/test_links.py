"""Is what a link leads to had from where it may be had, and from nowhere else?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from bot.core.failures import Retryable
from bot.hooks.links import Links, NotFetched
from runbooks.evidence import Links as Policy
from tests.hooks.receiver import Receiver, receiving
from tests.hooks.test_guard import NEVER, PRIVATE, PUBLIC, Answering


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


def _links(receiver: Receiver, **differing: object) -> Links:
    own = receiver.url.removeprefix("http://")
    return Links(Policy.model_validate({"private_hosts": [own], **differing}))


async def _read(links: Links, link: str) -> tuple[int, str, bytes]:
    async with links.opened(link) as page:
        content = b"".join([piece async for piece in page.pieces()])
    return page.status, page.content_type, content


async def test_a_page_comes_with_its_status_and_its_type(receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=203, body=b"\x00\xff", content_type="image/png")]
    link = f"{receiver.url}/d/1?from=now#panel"
    assert await _read(_links(receiver), link) == (203, "image/png", b"\x00\xff")
    [(path, headers, _)] = receiver.requests
    assert path == "/d/1?from=now"
    assert headers["User-Agent"] == "warroom"
    assert "Cookie" not in headers


@pytest.mark.parametrize("address", [*NEVER, *PRIVATE])
async def test_no_name_leads_into_the_house(address: str) -> None:
    inner = Answering([address])
    with pytest.raises(NotFetched, match="never reached|a private address"):
        await _read(Links(Policy(), lambda: inner), "https://innocent.example/")
    assert inner.asked == 1


async def test_one_private_address_among_public_ones_spoils_all() -> None:
    inner = Answering([PUBLIC, "10.0.0.1"])
    with pytest.raises(NotFetched, match="a private address"):
        await _read(Links(Policy(), lambda: inner), "https://innocent.example/")


async def test_a_host_that_may_be_private_reaches_no_metadata() -> None:
    inner = Answering(["169.254.169.254"])
    policy = Policy(private_hosts=("logs.corp",))
    with pytest.raises(NotFetched, match="never reached"):
        await _read(Links(policy, lambda: inner), "https://logs.corp/")


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("https://127.0.0.1/", "private address"),
        ("https://[::1]/", "private address"),
        ("https://[::ffff:169.254.169.254]/latest/meta-data", "never reached"),
        ("http://example.com/", "not reached by https"),
        ("https://user:word@example.com/", "no plain https"),
        ("https://", "no plain https|not a URL"),
        ("https://example.com:99999999/", "not a URL"),
    ],
)
async def test_an_address_that_may_not_be_reached_is_told_so(link: str, why: str) -> None:
    with pytest.raises(NotFetched, match=why):
        await _read(Links(Policy()), link)


async def test_this_machine_is_reached_on_no_port_but_the_one_that_is_allowed(
    receiver: Receiver,
) -> None:
    with pytest.raises(NotFetched, match="not reached by https"):
        await _read(Links(Policy(private_hosts=("127.0.0.1:1",))), f"{receiver.url}/")
    assert receiver.requests == []


async def test_nobody_is_followed_elsewhere(receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=302, headers={"Location": f"{receiver.url}/inside"})]
    with pytest.raises(NotFetched, match=r"leads on to another address \(HTTP 302\)"):
        await _read(_links(receiver), f"{receiver.url}/")
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (401, "asks to sign in"),
        (403, "asks to sign in"),
        (404, "nothing at this address"),
        (410, "nothing at this address"),
        (418, r"refused it \(HTTP 418\)"),
        (204, r"empty \(HTTP 204\)"),
    ],
)
async def test_what_will_not_come_is_told_in_a_sentence(
    receiver: Receiver, status: int, why: str
) -> None:
    receiver.answers = [web.Response(status=status)]
    with pytest.raises(NotFetched, match=why):
        await _read(_links(receiver), f"{receiver.url}/")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
async def test_what_may_come_later_is_asked_for_again(receiver: Receiver, status: int) -> None:
    receiver.answers = [web.Response(status=status)]
    with pytest.raises(Retryable):
        await _read(_links(receiver), f"{receiver.url}/")


@pytest.mark.parametrize("trouble", ["drops", "is silent"])
async def test_who_breaks_off_or_says_nothing_is_asked_again(
    receiver: Receiver, trouble: str
) -> None:
    receiver.trouble = "drops" if trouble == "drops" else "is silent"
    links = _links(receiver, time_limit=timedelta(seconds=1))
    with pytest.raises(Retryable):
        await _read(links, f"{receiver.url}/")


async def test_no_more_is_read_than_the_policy_allows(receiver: Receiver) -> None:
    links = _links(receiver, at_most_bytes=1000)
    receiver.answers = [web.Response(body=b"x" * 1000), web.Response(body=b"x" * 1001)]
    _, _, content = await _read(links, f"{receiver.url}/")
    assert len(content) == 1000
    with pytest.raises(NotFetched, match="longer than 1,000 bytes"):
        await _read(links, f"{receiver.url}/")


async def test_a_length_that_is_not_told_is_counted(receiver: Receiver) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 600
            await asyncio.sleep(0)

    receiver.answers = [web.Response(body=endless())]
    with pytest.raises(NotFetched, match="longer than 1,000 bytes"):
        await _read(_links(receiver, at_most_bytes=1000), f"{receiver.url}/")
