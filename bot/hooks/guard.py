"""Which addresses may be reached, whatever a name resolves to?"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.core.failures import Permanent

_PORTS = {"https": 443, "http": 80}
# Clouds answer here with the keys of the machine; some lie among addresses that may be private.
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16",
         "fd00:ec2::254", "fd20:ce::254"),
    )
)  # fmt: skip
# An IPv4 address stands at the end of these, and packets go to it.
_AROUND_IPV4 = tuple(
    map(
        ipaddress.ip_network,
        ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96"),
    )
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[], AbstractResolver]


class Guard:
    """The hosts that may be reached at all, and those of them that may be private.

    `hosts` None: any host, as long as its address is public.
    """

    def __init__(self, hosts: Iterable[str] | None, private_hosts: Iterable[str]) -> None:
        self._private = frozenset(private_hosts)
        self._hosts = None if hosts is None else frozenset(hosts) | self._private

    def require(self, url: URL) -> None:
        """Let only addresses go on that may be reached, by https unless they are this machine's.

        Raises:
            Permanent: it may not be reached.
        """
        host, port = _host(url), url.port
        if url.user or url.password or not host or url.scheme not in _PORTS:
            raise _refused("its address is no plain https:// address")
        if self._hosts is not None and not _is_listed(host, port, url.scheme, self._hosts):
            raise _refused("its host is not among hosts in webhooks.yaml")
        if url.scheme == "http" and not self.is_private(host, port):
            raise _refused("it is not reached by https://")
        if literal := _literal(host):
            self.require_address(host, port, literal, is_plain=url.scheme == "http")

    def is_private(self, host: str, port: int | None) -> bool:
        """Whether this host may have a private address."""
        return any(_is_listed(host, port, scheme, self._private) for scheme in _PORTS)

    def require_address(
        self, host: str, port: int | None, address: Address, *, is_plain: bool
    ) -> None:
        """Let only addresses be connected to that are public, or private on purpose.

        Raises:
            Permanent: it is neither.
        """
        real = _real(address)
        if real in _METADATA or real.is_link_local or real.is_multicast or real.is_unspecified:
            raise _refused("its name leads to an address that is never reached")
        if is_plain and not real.is_loopback:
            raise _refused("only this machine is reached without https://")
        is_site_local = isinstance(real, ipaddress.IPv6Address) and real.is_site_local
        if (is_site_local or not real.is_global) and not self.is_private(host, port):
            raise _refused("its name leads to a private address")


class Guarded(AbstractResolver):
    """Resolves a name once, and hands on only addresses that may be reached.

    What is connected to is what was looked at: nobody asks for the name a second time.
    """

    def __init__(self, guard: Guard, inner: AbstractResolver, *, is_plain: bool) -> None:
        self._guard = guard
        self._inner = inner
        self._is_plain = is_plain

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host; one that may not be reached spoils all.

        Raises:
            Permanent: one of them may not be reached.
            OSError: nobody knows the name.
        """
        found = await self._inner.resolve(host, port, family)
        for one in found:
            address = ipaddress.ip_address(one["host"].partition("%")[0])
            self._guard.require_address(host, port, address, is_plain=self._is_plain)
        return found

    async def close(self) -> None:
        """Let go of the resolver behind it."""
        await self._inner.close()


def _is_listed(host: str, port: int | None, scheme: str, listed: frozenset[str]) -> bool:
    for one in listed:
        name, _, wanted = one.partition(":")
        if port != (int(wanted) if wanted else _PORTS[scheme]):
            continue
        if host == name or (name.startswith("*.") and host.endswith(name[1:])):
            return True
    return False


def _host(url: URL) -> str:
    return (url.raw_host or "").lower().rstrip(".")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _real(address: Address) -> Address:
    """The address in the end, where one is written inside another."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inside = address.ipv4_mapped or address.sixtofour
    if address.teredo:
        inside = address.teredo[1]
    is_itself = address.is_loopback or address.is_unspecified
    if not is_itself and any(address in network for network in _AROUND_IPV4):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def _refused(why: str) -> Permanent:
    return Permanent("webhook", why)
