"""Asking an address elsewhere: never one inside, never for long, never for much."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from mutuali.core.errors import Refused
from mutuali.web import outside
from mutuali.web.outside import Limits

#: An address of the world at large (documentation ranges are not).
PUBLIC = "93.184.215.14"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
QUICK = Limits(seconds=1.5, most_bytes=50_000)
Talk = Callable[[socket.socket], None]


def says(answer: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    return talk


class Elsewhere:
    """A server of somebody else, on this machine; ``hosts`` are what names resolve to, in turn."""

    def __init__(self, *talks: Talk) -> None:
        self.hosts: dict[str, list[list[str]]] = {}
        self.asked: list[str] = []
        self.opened: list[tuple[str, str]] = []
        self.heard: list[bytes] = []
        self._talks = list(talks)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]

    def resolve(self, host: str, _seconds: float) -> list[str]:
        self.asked.append(host)
        answers = self.hosts.get(host)
        return [PUBLIC] if answers is None else answers.pop(0)

    def open(self, address: str, host: str, seconds: float) -> socket.socket:
        self.opened.append((address, host))
        connection = socket.create_connection(("127.0.0.1", self._port), seconds)
        threading.Thread(target=self._serve, args=(self._talks.pop(0),), daemon=True).start()
        return connection

    def _serve(self, talk: Talk) -> None:
        connection, _ = self._listener.accept()
        with connection:
            try:
                talk(connection)
            except OSError:
                return  # whoever asked has gone

    def get(self, url: str, limits: Limits = QUICK) -> outside.Answer:
        headers = {"Accept": "text/calendar"}
        return outside.get(
            url, headers=headers, limits=limits, resolve=self.resolve, opens=self.open
        )

    def refused(self, url: str = "https://ailleurs.example/", limits: Limits = QUICK) -> str:
        with pytest.raises(Refused) as refused:
            self.get(url, limits)
        return refused.value.reasons[0].code

    def close(self) -> None:
        self._listener.close()


@contextmanager
def elsewhere(*talks: Talk) -> Iterator[Elsewhere]:
    server = Elsewhere(*talks)
    yield server
    server.close()


def test_what_is_at_an_address_comes_back_and_nothing_encoded_is_asked_for() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(OK)

    with elsewhere(talk) as server:
        answer = server.get("https://agenda.example/a%20b.ics?clé=é")
    assert (answer.status, answer.body) == (200, b"ok")
    request = heard[0].decode()
    assert request.startswith("GET /a%20b.ics?cl%C3%A9=%C3%A9 HTTP/1.1\r\nHost: agenda.example\r\n")
    assert "Accept-Encoding: identity" in request
    assert server.opened == [(PUBLIC, "agenda.example")]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://agenda.example/", "not_https"),
        ("ftp://agenda.example/", "not_https"),
        ("file:///etc/passwd", "not_an_address"),
        ("https://agenda.example:8443/", "not_https"),
        ("https://agenda.example:x/", "not_an_address"),
        ("https://moi:secret@agenda.example/", "has_password"),
        ("https://moi@agenda.example/", "has_password"),
        ("https:///nulle-part", "not_an_address"),
        ("https://[::1/", "not_an_address"),
        ("https://agenda.example/\r\nX: y", "not_an_address"),
        ("https://agenda.example\\@dedans/", "not_an_address"),
        ("agenda.example", "not_an_address"),
        ("https://a..example/", "not_an_address"),
        ("https://agenda.example/" + "a" * 2000, "not_an_address"),
    ],
)
def test_an_address_that_is_none_of_ours_to_ask_is_refused_before_anything_is_resolved(
    url: str, code: str
) -> None:
    with elsewhere() as server:
        assert server.refused(url) == f"outside.{code}"
        assert server.asked == []


def test_names_in_any_script_are_asked_for_as_the_net_writes_them() -> None:
    assert outside.checked("https://Épicerie.example") == "https://xn--picerie-9xa.example/"
    assert outside.checked("https://agenda.example:443/x#y") == "https://agenda.example/x"


INSIDE = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    *("127.0.0.1", "127.8.9.1", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "192.0.2.1"),
    *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
    *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "rien", ""),
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_is_ever_connected_to(address: str) -> None:
    with elsewhere(says(OK)) as server:
        server.hosts["dedans.example"] = [[address]]
        assert server.refused("https://dedans.example/") == "outside.internal"
        # One address inside among others is enough: which one it would be is not left to chance.
        server.hosts["dedans.example"] = [[PUBLIC, address]]
        assert server.refused("https://dedans.example/") == "outside.internal"
        assert server.opened == []


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "2a00:1450::5"])
def test_addresses_of_the_world_are_connected_to(address: str) -> None:
    with elsewhere(says(OK)) as server:
        server.hosts["dehors.example"] = [[address]]
        assert server.get("https://dehors.example/").body == b"ok"
        assert server.opened == [(address, "dehors.example")]


@given(st.ip_addresses())
def test_whatever_python_calls_private_is_inside(ip: object) -> None:
    if not getattr(ip, "is_global", False) or getattr(ip, "is_multicast", False):
        assert not outside.is_outside(str(ip))


def test_literal_addresses_are_looked_at_as_names_are() -> None:
    for literal in (
        "127.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
    ):
        with pytest.raises(Refused) as refused:
            outside.get(
                f"https://{literal}/",
                headers={},
                limits=QUICK,
                opens=lambda *_: pytest.fail("it was connected to"),
            )
        assert refused.value.reasons[0].code in {"outside.internal", "outside.unknown_host"}


def test_a_name_that_changes_its_mind_leads_nowhere_else() -> None:
    """It is resolved once, and the connection goes to what was looked at."""
    with elsewhere(says(OK)) as server:
        server.hosts["girouette.example"] = [[PUBLIC], ["127.0.0.1"]]
        assert server.get("https://girouette.example/").body == b"ok"
        assert server.asked == ["girouette.example"]
        assert server.opened == [(PUBLIC, "girouette.example")]


def to(place: str, status: int = 302) -> Talk:
    return says(f"HTTP/1.1 {status} X\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode())


def test_three_redirects_are_followed_and_each_is_checked_anew() -> None:
    with elsewhere(to("/b"), to("https://c.example/", 308), to("d", 301), says(OK)) as server:
        assert server.get("https://a.example/a").body == b"ok"
        assert [host for _, host in server.opened] == [
            *("a.example", "a.example", "c.example", "c.example")
        ]
    with elsewhere(*[to("/encore")] * 4) as server:
        assert server.refused("https://a.example/") == "outside.too_many_redirects"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("http://a.example/", "not_https"),
        ("https://a.example:8080/", "not_https"),
        ("file:///etc/passwd", "not_an_address"),
        ("https://dedans.example/", "internal"),
        ("//dedans.example/", "internal"),
        ("https://moi:secret@a.example/", "has_password"),
    ],
)
def test_a_redirect_leads_nowhere_that_could_not_be_asked_at_first(place: str, code: str) -> None:
    with elsewhere(to(place), says(OK)) as server:
        server.hosts["dedans.example"] = [["10.0.0.7"]]
        assert server.refused("https://a.example/") == f"outside.{code}"
        assert len(server.opened) == 1


def endless(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def fifty_megabytes(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 52428800\r\n\r\n")
    endless(connection)


def endless_pieces(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n")


@pytest.mark.parametrize("talk", [endless, fifty_megabytes, endless_pieces])
def test_no_more_is_read_than_was_agreed(talk: Talk) -> None:
    with elsewhere(talk) as server:
        start = time.monotonic()
        assert server.refused() == "outside.too_large"
        assert time.monotonic() - start < 1


def dripping(*parts: bytes) -> Talk:
    """Says the first parts, then repeats the last one slowly for as long as it may."""

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for part in parts[:-1]:
            connection.sendall(part)
        while True:
            connection.sendall(parts[-1])
            time.sleep(0.1)

    return talk


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "talk",
    [
        dripping(b"H"),
        dripping(HEAD, b"X"),
        dripping(HEAD, b"X: y\r\n"),
        dripping(b"HTTP/1.1 100 Continue\r\n\r\n"),
        dripping(HEAD, b"\r\n", b"x"),
        dripping(HEAD, b"Content-Length: 100\r\n\r\n", b""),
        dripping(HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        dripping(HEAD, b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"T: t\r\n"),
    ],
)
def test_however_slowly_it_drips_it_ends_at_the_deadline(talk: Talk) -> None:
    with elsewhere(talk) as server:
        start = time.monotonic()
        code = server.refused(limits=Limits(seconds=0.7))
        assert time.monotonic() - start < 1.5
    assert code == "outside.too_slow"


def test_a_resolver_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def asleep(*_: object, **__: object) -> list[object]:
        time.sleep(3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", asleep)
    start = time.monotonic()
    with pytest.raises(Refused) as refused:
        outside.get("https://lent.example/", headers={}, limits=Limits(seconds=0.3))
    assert refused.value.reasons[0].code == "outside.too_slow"
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "deflate", "identity, gzip"])
def test_what_is_sent_encoded_is_refused_unread(encoding: str) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: 2\r\n\r\n\x1f\x8b"
    with elsewhere(says(answer.encode("latin-1"))) as server:
        assert server.refused() == "outside.encoded"


@pytest.mark.parametrize("status", [204, 401, 404, 500])
def test_what_is_no_success_is_refused_with_its_status(status: int) -> None:
    with elsewhere(says(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())) as server:
        assert server.refused() == "outside.status"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"bonjour\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        HEAD + b"Content-Length: 10\r\n\r\nabc",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"X: y\r\n" * 200 + b"\r\n",
        HEAD + b"X: " + b"y" * 100_000 + b"\r\n\r\n",
        HEAD + b"Content-Length: 99999999999999999999999\r\nX: y\r\n",
    ],
)
def test_an_answer_that_is_none_is_refused(answer: bytes) -> None:
    with elsewhere(says(answer)) as server:
        assert server.refused() in {"outside.unreachable", "outside.too_large"}


def test_the_next_address_is_tried_where_one_does_not_answer() -> None:
    with elsewhere(says(OK)) as server:
        server.hosts["deux.example"] = [["8.8.8.8", PUBLIC]]
        opens = server.open

        def half(address: str, host: str, seconds: float) -> socket.socket:
            if address == "8.8.8.8":
                raise ConnectionRefusedError
            return opens(address, host, seconds)

        answer = outside.get(
            "https://deux.example/", headers={}, limits=QUICK, resolve=server.resolve, opens=half
        )
        assert answer.body == b"ok"


def test_a_post_gives_its_answer_whatever_it_is_and_is_led_nowhere() -> None:
    heard: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        request = connection.recv(65536)
        while not request.endswith(b"}"):
            request += connection.recv(65536)
        heard.append(request)
        connection.sendall(b"HTTP/1.1 307 X\r\nLocation: https://b.example/\r\n\r\n")

    with elsewhere(talk) as server:
        answer = outside.post(
            "https://crochet.example/x",
            b'{"a": 1}',
            headers={"Content-Type": "application/json"},
            limits=QUICK,
            resolve=server.resolve,
            opens=server.open,
        )
    assert answer.status == 307
    assert heard[0].startswith(b"POST /x HTTP/1.1\r\nHost: crochet.example\r\n")
    assert heard[0].endswith(b'\r\n\r\n{"a": 1}')
    assert len(server.opened) == 1


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for ``name`` that signed itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private, public = folder / "key.pem", folder / "certificate.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return private, public


@pytest.mark.parametrize(
    ("host", "trusted", "code"),
    [
        ("agenda.example", True, None),
        ("autre.example", True, "outside.unreachable"),
        ("agenda.example", False, "outside.unreachable"),
    ],
)
def test_the_other_side_proves_that_it_is_the_host(
    tmp_path: Path, host: str, trusted: bool, code: str | None
) -> None:
    private, public = _certificate(tmp_path, "agenda.example")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(public, private)
    client_side = ssl.create_default_context()
    if trusted:
        client_side.load_verify_locations(public)

    def talk(connection: socket.socket) -> None:
        with server_side.wrap_socket(connection, server_side=True) as inside:
            says(OK)(inside)

    with elsewhere(talk) as server:

        def opens(address: str, host: str, seconds: float) -> socket.socket:
            return outside.encrypted(server.open(address, host, seconds), host, client_side)

        if code is None:
            answer = outside.get(
                f"https://{host}/", headers={}, limits=QUICK, resolve=server.resolve, opens=opens
            )
            assert answer.body == b"ok"
        else:
            with pytest.raises(Refused) as refused:
                outside.get(
                    f"https://{host}/",
                    headers={},
                    limits=QUICK,
                    resolve=server.resolve,
                    opens=opens,
                )
            assert refused.value.reasons[0].code == code
