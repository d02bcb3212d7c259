"""What does a link lead to, without a way into the house?"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator

import aiohttp
from yarl import URL

from bot.core.failures import Permanent, Retryable, Unknown
from bot.hooks.guard import Guard, Guarded, Resolve
from runbooks.evidence import Links as Policy

_PIECE_BYTES = 256 * 1024
_TYPE_CHARS = 120
_SIGN_IN = "It asks to sign in (HTTP {}), and the bot has no account there."
_INSTEAD = "Preserve a picture or an export of it instead."


class NotFetched(Exception):
    """It cannot be had, now or later; the sentence says why and what to do."""


class Page:
    """What the other side gave: `status` and `content_type` are its own words."""

    def __init__(self, answer: aiohttp.ClientResponse, at_most_bytes: int) -> None:
        self._answer = answer
        self._at_most_bytes = at_most_bytes
        self.status = answer.status
        # What another system says is shown to people: one short line of it, or nothing.
        told = answer.headers.get("Content-Type", "")
        self.content_type = "".join(filter(str.isprintable, told))[:_TYPE_CHARS]

    async def pieces(self) -> AsyncIterator[bytes]:
        """Its bytes as they come.

        Raises:
            NotFetched: there are too many, or none.
            aiohttp.ClientError, TimeoutError: it broke off, or took too long.
        """
        size_bytes = 0
        async for piece in self._answer.content.iter_chunked(_PIECE_BYTES):
            size_bytes += len(piece)
            if size_bytes > self._at_most_bytes:
                raise _too_long(self._at_most_bytes)
            yield piece
        if not size_bytes:
            raise NotFetched(f"The answer is empty (HTTP {self.status}). {_INSTEAD}")


class Links:
    """Opens links: public addresses alone, each name asked for once, and following nobody."""

    def __init__(self, policy: Policy, resolver: Resolve = aiohttp.ThreadedResolver) -> None:
        self._policy = policy
        self._guard = Guard(None, policy.private_hosts)
        self._resolver = resolver

    @contextlib.asynccontextmanager
    async def opened(self, link: str) -> AsyncIterator[Page]:
        """What a link leads to, while its bytes are read.

        Raises:
            NotFetched: it may not be reached, or does not give it; the sentence is for people.
            Retryable: not now.
        """
        limit = aiohttp.ClientTimeout(total=self._policy.time_limit.total_seconds())
        try:
            url = URL(link)
            self._guard.require(url)
            async with self._session(url, limit) as http, self._asked(http, url) as answer:
                _require_given(answer.status)
                if (answer.content_length or 0) > self._policy.at_most_bytes:
                    raise _too_long(self._policy.at_most_bytes)
                yield Page(answer, self._policy.at_most_bytes)
        except Permanent as error:
            raise NotFetched(f"It is not opened: {error.code}. {_INSTEAD}") from error
        except (ValueError, aiohttp.InvalidURL) as error:
            raise NotFetched("Its address is not a URL. Preserve it again.") from error
        except aiohttp.ClientConnectorDNSError as error:
            raise _unknown_name(error) from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unknown(f"link: {type(error).__name__}") from error

    def _session(self, url: URL, limit: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
        """One connection, to the address that was looked at; no cookies, and none of our names."""
        guarded = Guarded(self._guard, self._resolver(), is_plain=url.scheme == "http")
        connector = aiohttp.TCPConnector(
            resolver=guarded, use_dns_cache=False, force_close=True, limit=1
        )
        return aiohttp.ClientSession(
            connector=connector,
            timeout=limit,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    def _asked(
        self, http: aiohttp.ClientSession, url: URL
    ) -> contextlib.AbstractAsyncContextManager[aiohttp.ClientResponse]:
        headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "warroom"}
        return http.get(url, headers=headers, allow_redirects=False)


def _require_given(status: int) -> None:
    """Go on where there is something to keep.

    Raises:
        NotFetched: there is not, and will not be.
        Retryable: not now.
    """
    if 200 <= status < 300:
        return
    if status in {408, 425, 429} or status >= 500:
        raise Retryable(f"link: HTTP {status}")
    if 300 <= status < 400:
        raise NotFetched(
            f"It leads on to another address (HTTP {status}), which is not followed. Open it, and "
            "preserve the address it ends at."
        )
    if status in {401, 403, 407}:
        raise NotFetched(f"{_SIGN_IN.format(status)} {_INSTEAD}")
    if status in {404, 410}:
        raise NotFetched(f"There is nothing at this address (HTTP {status}).")
    raise NotFetched(f"The other side refused it (HTTP {status}). {_INSTEAD}")


def _unknown_name(error: aiohttp.ClientConnectorDNSError) -> NotFetched | Retryable:
    """Whether nobody knows the name, or nobody could be asked."""
    if error.os_error.errno == socket.EAI_NONAME:
        return NotFetched(f"Nobody here knows the host {error.host[:100]}. {_INSTEAD}")
    return Retryable("link: no name server")


def _too_long(at_most_bytes: int) -> NotFetched:
    return NotFetched(f"It is longer than {at_most_bytes:,} bytes. {_INSTEAD}")
