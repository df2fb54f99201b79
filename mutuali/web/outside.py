"""The way out: asking an address that somebody gave us, and never one inside.

A name is resolved once; everything it resolves to is looked at, and the connection goes to the very
address that was looked at, so that a name which changes its mind leads nowhere else. All that is
waited for ends at one deadline, however slowly bytes drip, and no more is read than was agreed.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeAlias, cast
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from mutuali.core.errors import Reason, Refused

PORT = 443
#: What the field of a form is called in which an address is typed.
FIELD = "address"
#: The longest address that is taken.
LONGEST = 2000
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: What may stand in an address as it is; all else is percent-encoded.
_SAFE = "%/:=&?~#+!$,;'@()*[]"
#: Ranges whose addresses carry an IPv4 address inside, which could be an internal one.
_CARRIERS = tuple(
    IPv6Network(each)
    for each in (
        *("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)

#: (host, seconds) -> all its IP addresses; raises OSError, UnicodeError.
Resolve: TypeAlias = Callable[[str, float], Sequence[str]]
#: (IP address, host, seconds) -> an encrypted connection to that address, where the other side
#: proved that it is the host; raises OSError.
Open: TypeAlias = Callable[[str, str, float], socket.socket]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long all of it may last in seconds, how much is read in bytes, how often it may lead
    elsewhere."""

    seconds: float = 10
    most_bytes: int = 2_000_000
    redirects: int = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def checked(url: str) -> str:
    """An address that may be asked, as it is written in full.

    Raises:
        Refused: it is none, not https, on another port, holds a password, or is too long.
    """
    if len(url) > LONGEST:
        raise Refused(Reason("outside.not_an_address", {}, FIELD))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        raise Refused(Reason("outside.not_an_address", {}, FIELD)) from None
    if not host or any(c <= " " or c in '\\\x7f"<>' for c in url):
        raise Refused(Reason("outside.not_an_address", {}, FIELD))
    if parts.scheme != "https" or port not in {None, PORT}:
        raise Refused(Reason("outside.not_https", {}, FIELD))
    if parts.username is not None or parts.password is not None:
        raise Refused(Reason("outside.has_password", {}, FIELD))
    shown = f"[{host}]" if ":" in host else host
    path, query = quote(parts.path or "/", _SAFE), quote(parts.query, _SAFE)
    return urlunsplit(("https", shown, path, query, ""))


def resolve(host: str, seconds: float) -> list[str]:
    """Every IP address of a host, by the machine's own resolver, which knows no deadline itself.

    Raises:
        OSError, UnicodeError: there is none, or it took too long.
    """
    found: list[str] = []
    wrong: list[OSError | UnicodeError] = []

    def look() -> None:
        try:
            known = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(each[4][0]) for each in known))
        except (OSError, UnicodeError) as error:
            wrong.append(error)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    thread.join(seconds)
    if wrong:
        raise wrong[0]
    if thread.is_alive():
        raise TimeoutError("the name was not resolved in time")
    return found


def open_encrypted(address: str, host: str, seconds: float) -> socket.socket:
    """A connection to ``address``; the other side proves that it is ``host``. Raises OSError."""
    return encrypted(socket.create_connection((address, PORT), seconds), host)


def encrypted(
    connection: socket.socket, host: str, context: ssl.SSLContext | None = None
) -> socket.socket:
    """TLS over a connection, within its timeout.

    Raises:
        OSError: the certificate is not the host's, among others.
    """
    try:
        context = context or ssl.create_default_context()
        return context.wrap_socket(connection, server_hostname=host)
    except BaseException:
        connection.close()
        raise


def get(
    url: str,
    *,
    headers: Mapping[str, str],
    limits: Limits,
    resolve: Resolve = resolve,
    opens: Open = open_encrypted,
) -> Answer:
    """Ask for what is at an address, wherever it leads within the limits, each step checked anew.

    Raises:
        Refused: it leads inside, too far or nowhere, takes too long, sends too much, something
            encoded, or no success.
    """
    end = time.monotonic() + limits.seconds
    for _ in range(limits.redirects + 1):
        url = checked(url)
        answer = _ask("GET", url, None, headers, limits, end, resolve, opens)
        if answer.status not in _REDIRECTS:
            if answer.status != 200:
                raise Refused(Reason("outside.status", {"status": answer.status}, FIELD))
            return answer
        url = urljoin(url, answer.headers.get("location", ""))
    raise Refused(Reason("outside.too_many_redirects", {"most": limits.redirects}, FIELD))


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    limits: Limits,
    resolve: Resolve = resolve,
    opens: Open = open_encrypted,
) -> Answer:
    """Send ``body`` to an address and hear its answer, whatever its status; it leads nowhere else.

    Raises:
        Refused: as :func:`get`, but for statuses.
    """
    end = time.monotonic() + limits.seconds
    return _ask("POST", checked(url), body, headers, limits, end, resolve, opens)


def is_outside(address: str) -> bool:
    """Whether an IP address is one of the world at large."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and (
        ip.is_site_local or any(ip in carrier for carrier in _CARRIERS)
    ):
        return False
    inside = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_unspecified
    return ip.is_global and not (inside or ip.is_multicast or ip.is_reserved)


def _ask(
    method: str,
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    limits: Limits,
    end: float,
    resolve: Resolve,
    opens: Open,
) -> Answer:
    """One question to one host, its address resolved and looked at once."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        addresses = resolve(host, _left(end))
    except TimeoutError:
        raise _too_slow(limits) from None
    except (OSError, UnicodeError):
        raise Refused(Reason("outside.unknown_host", {"host": host}, FIELD)) from None
    if not addresses:
        raise Refused(Reason("outside.unknown_host", {"host": host}, FIELD))
    if not all(is_outside(each) for each in addresses):
        raise Refused(Reason("outside.internal", {"host": host}, FIELD))
    try:
        with _connection(addresses, host, end, opens) as connection:
            target = urlunsplit(("", "", parts.path, parts.query, ""))
            connection.request(method, target, body, dict(headers))
            return _read(connection.getresponse(), limits)
    except TimeoutError:
        raise _too_slow(limits) from None
    except (OSError, HTTPException, ValueError):
        raise Refused(Reason("outside.unreachable", {"host": host}, FIELD)) from None


@contextmanager
def _connection(
    addresses: Sequence[str], host: str, end: float, opens: Open
) -> Iterator[HTTPConnection]:
    """A connection to the first of the addresses that takes one. Raises OSError."""
    with _opened(addresses, host, end, opens) as taken:
        connection = _Https(host)
        connection.sock = cast(socket.socket, _Timed(taken, end))
        yield connection


def _opened(addresses: Sequence[str], host: str, end: float, opens: Open) -> socket.socket:
    *others, last = addresses
    for address in others:
        try:
            return opens(address, host, _left(end))
        except OSError:
            continue
    return opens(last, host, _left(end))


def _read(response: HTTPResponse, limits: Limits) -> Answer:
    headers = {name.lower(): value for name, value in response.getheaders()}
    if response.status in _REDIRECTS:
        return Answer(response.status, headers, b"")
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise Refused(Reason("outside.encoded", {}, FIELD))
    said = headers.get("content-length", "")
    if not (said.isdecimal() and int(said) > limits.most_bytes):
        body = response.read(limits.most_bytes + 1)
        if response.length:
            raise ConnectionError("the answer ended early")
        if len(body) <= limits.most_bytes:
            return Answer(response.status, headers, body)
    raise Refused(Reason("outside.too_large", {"most": limits.most_bytes // 1000}, FIELD))


def _too_slow(limits: Limits) -> Refused:
    return Refused(Reason("outside.too_slow", {"seconds": round(limits.seconds)}, FIELD))


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError("the deadline has passed")
    return left


class _Https(HTTPConnection):
    """Requests as over https; its connection is handed in, encrypted already."""

    default_port = PORT
    auto_open = 0


class _Timed:
    """What an HTTP connection needs of a socket; whatever waits, waits until one deadline at most.

    Closing is left to whoever opened the socket.
    """

    def __init__(self, connection: socket.socket, end: float) -> None:
        self._connection, self._end = connection, end

    def sendall(self, data: Any) -> None:
        """Send all of it."""
        self._connection.settimeout(_left(self._end))
        self._connection.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        """What comes in."""
        return io.BufferedReader(_Incoming(self._connection, self._end))

    def close(self) -> None:
        """Nothing: an answer may still be read."""


class _Incoming(io.RawIOBase):
    """Bytes as they come, until the deadline."""

    def __init__(self, connection: socket.socket, end: float) -> None:
        super().__init__()
        self._connection, self._end = connection, end

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes. Raises TimeoutError: they did not come in time."""
        self._connection.settimeout(_left(self._end))
        return self._connection.recv_into(buffer)
