"""Is no address reached that must not be, by whatever name it is called?"""

from __future__ import annotations

import ipaddress
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.core.failures import Permanent
from bot.hooks.guard import Guard, Guarded

GUARD = Guard(
    ["api.github.com", "*.atlassian.net", "odd.example:8443"],
    ["jira.corp", "127.0.0.1:8080", "box.local:9000"],
)
PUBLIC = "140.82.121.6"
NEVER = (
    "169.254.169.254", "169.254.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16", "0.0.0.0",
    "224.0.0.1", "::", "fe80::1", "fd00:ec2::254", "ff02::1", "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1",
)  # fmt: skip
PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1",
    "fd12:3456::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "fec0::1",
    "::127.0.0.1", "::ffff:0:127.0.0.1", "2002:7f00:1::1", "198.18.0.1",
    "240.0.0.1", "192.0.2.1", "2001:db8::1",
)  # fmt: skip


class Answering(AbstractResolver):
    """A resolver that answers what it is told, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in found
        ]

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(
    "address",
    [
        "https://api.github.com/repos",
        "https://API.GitHub.com./repos",
        "https://acme.atlassian.net/rest",
        "https://odd.example:8443/",
        "https://jira.corp/",
        "http://127.0.0.1:8080/in",
    ],
)
def test_what_is_listed_may_be_reached(address: str) -> None:
    GUARD.require(URL(address))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/",
        "https://api.github.com.evil.example/",
        "https://evilapi.github.com/",
        "https://atlassian.net/",
        "https://evil-atlassian.net/",
        "https://api.github.com:8443/",
        "https://odd.example/",
        "http://api.github.com/",
        "http://odd.example:8443/",
        "https://user:pass@api.github.com/",
        "https://evil.example\\@api.github.com/",
        "https://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:8081/in",
        "http://[::1]:8080/in",
        "http://2130706433:8080/in",
        "http://0x7f.1:8080/in",
        "ftp://api.github.com/",
        "file:///etc/passwd",
        "//api.github.com/",
    ],
)
def test_nothing_else_may_be_reached(address: str) -> None:
    with pytest.raises((Permanent, ValueError)):
        GUARD.require(URL(address))


@pytest.mark.parametrize("address", [*NEVER, *PRIVATE])
async def test_a_name_of_the_outside_never_leads_inside(address: str) -> None:
    guarded = Guarded(GUARD, Answering([address]), is_plain=False)
    with pytest.raises(Permanent):
        await guarded.resolve("api.github.com", 443)


@pytest.mark.parametrize("address", NEVER)
async def test_not_even_a_private_host_leads_to_the_keys_of_the_machine(address: str) -> None:
    guarded = Guarded(GUARD, Answering([address]), is_plain=False)
    with pytest.raises(Permanent, match="never reached"):
        await guarded.resolve("jira.corp", 443)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.1", "fd12:3456::1", "127.0.0.1"])
async def test_a_host_that_may_be_private_is_reached_there(address: str) -> None:
    found = await Guarded(GUARD, Answering([address]), is_plain=False).resolve("jira.corp", 443)
    assert [one["host"] for one in found] == [address]


async def test_without_https_only_this_machine_is_reached() -> None:
    plain = Guarded(GUARD, Answering(["10.0.0.1"]), is_plain=True)
    with pytest.raises(Permanent, match="only this machine"):
        await plain.resolve("box.local", 9000)
    own = Guarded(GUARD, Answering(["127.0.0.1"]), is_plain=True)
    assert await own.resolve("box.local", 9000)


async def test_one_address_that_must_not_be_reached_spoils_the_others() -> None:
    mixed = Guarded(GUARD, Answering([PUBLIC, "127.0.0.1"]), is_plain=False)
    with pytest.raises(Permanent, match="private address"):
        await mixed.resolve("api.github.com", 443)
    whole = Guarded(GUARD, Answering([PUBLIC]), is_plain=False)
    assert len(await whole.resolve("api.github.com", 443)) == 1


def test_the_addresses_of_the_tests_are_what_they_are_called() -> None:
    assert ipaddress.ip_address(PUBLIC).is_global
