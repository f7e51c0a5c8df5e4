"""Fetching for SERVICE and LOAD: which URLs, which addresses, and within which limits."""

from __future__ import annotations

import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ekg.errors import ConfigError, DataError, RefusedError, RemoteError
from ekg.store.addresses import checked_addresses, system_addresses, why_refused
from ekg.store.fetch import Fetched, fetch
from ekg.store.reach import Reach, canonical_url, is_listed
from tests.replying import Reply, serving

OK: Reply = (200, {"Content-Type": "Text/Turtle; charset=utf-8"}, b"<urn:a> <urn:p> 1 .")
LATE = "no answer within|no time left|not told in time"  # which of them depends on how busy the machine is
PRIVATE = Reach(private=True, timeout=60.0)


def get(url: str, *more: str, reach: Reach = PRIVATE, resolve: object = system_addresses) -> Fetched:
    """Fetch what is listed, and below what else is."""
    end = time.monotonic() + reach.timeout
    return fetch(url, [url, *more], reach, end, accept="text/turtle", resolve=resolve)  # type: ignore[arg-type]  # a resolver


# -- URLs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://Example.org", "http://example.org/"),
        ("https://example.org:8443/a?b=c#d", "https://example.org:8443/a?b=c"),
        ("http://[::1]:80/x", "http://[::1]/x"),
    ],
)
def test_urls_are_compared_in_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "gopher://example.org/x",
        "ftp://example.org/x",
        "urn:x",
        "//example.org/x",
        "http:///x",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://example.org\\@evil.org/",
        "http://example.org:99999/",
        "http://example.org/a b",
        "http://example.org/\n",
        "http://exämple.org/",
        "http://[::1%25lo]/",
        "http://example.org/a/../b",
        "http://example.org/a/%2e%2E/b",
        "http://example.org/a/%252e%252e/b",
        "http://example.org/a/..%2fb",
    ],
)
def test_urls_that_are_never_fetched(url: str) -> None:
    with pytest.raises(DataError):
        canonical_url(url)


def test_a_list_holds_urls_and_beginnings() -> None:
    listed = ["https://example.org/sparql", "https://data.org/"]
    assert is_listed("https://example.org/sparql", listed)
    assert is_listed("https://data.org/a/b?c", listed)
    for url in (
        "https://example.org/sparql2", "https://example.org/sparql?x", "https://example.org/", "http://data.org/",
        "https://data.org.evil.org/", "https://data.org:444/",
    ):  # fmt: skip
        assert not is_listed(url, listed)


def test_a_list_from_the_configuration() -> None:
    reach = Reach.of(services="https://A.org/sparql?a=1,2, https://b.org/\nhttp://c.org", loads=None)
    assert reach is not None
    assert reach.services == ("https://a.org/sparql?a=1,2", "https://b.org/", "http://c.org/")
    assert Reach.of(services=" ", loads=None) is None
    with pytest.raises(ConfigError, match="'allow-load': 'file:///x': only http and https"):
        Reach.of(loads="file:///x")


# -- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "0.1.2.3", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "192.0.2.1", "203.0.113.9", "192.88.99.1", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
        "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2001:db8::1", "2001:0:808::1", "2002:a00:1::",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert why_refused(ipaddress.ip_address(address))
    with pytest.raises(RefusedError, match="so it is not connected to"):
        checked_addresses("name.example", 80, 60.0, resolve=lambda host, port: ["8.8.8.8", address])


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::8a"])
def test_public_addresses(address: str) -> None:
    assert why_refused(ipaddress.ip_address(address)) is None


def test_private_addresses_are_allowed_by_a_switch_but_not_what_no_network_has() -> None:
    for text in ("127.0.0.1", "::1", "10.0.0.1", "192.168.1.1", "fd00::1"):
        assert why_refused(ipaddress.ip_address(text), private=True) is None
    for text in ("169.254.169.254", "0.0.0.0", "0.1.2.3", "224.0.0.1", "::ffff:127.0.0.1", "240.0.0.1", "fe80::1"):
        assert why_refused(ipaddress.ip_address(text), private=True)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
     "[::ffff:7f00:1]", "169.254.169.254", "0xa9fea9fe", "10.1.2.3", "0", "localhost"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_listed_hosts_that_mean_this_machine_or_its_network(scheme: str, host: str) -> None:
    with pytest.raises(RefusedError, match="so it is not connected to"):
        get(canonical_url(f"{scheme}://{host}/x"), reach=Reach(timeout=60.0))


def test_a_name_that_leads_into_this_network() -> None:
    def inside(host: str, port: int) -> Sequence[str]:
        assert (host, port) == ("public.example", 80)
        return ["8.8.8.8", "10.0.0.1"]

    with pytest.raises(RefusedError, match=r"public\.example: its address 10\.0\.0\.1 is in a private network"):
        get("http://public.example/", reach=Reach(timeout=60.0), resolve=inside)


def test_a_name_without_an_address_and_one_that_nobody_tells() -> None:
    def none(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    with pytest.raises(RemoteError, match="has no address"):
        get("http://none.example/", resolve=none)
    told = threading.Event()
    try:
        with pytest.raises(RemoteError, match="not told in time"):
            checked_addresses("x", 80, 0.05, resolve=lambda host, port: [str(told.wait(60))])
    finally:
        told.set()


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    asked: list[str] = []
    requests: list[tuple[dict[str, str], bytes]] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    with serving(OK, requests=requests) as (url, seen):
        port = url.rpartition(":")[2]
        found = get(f"http://name.example:{port}/x?y=1", resolve=resolve)
    assert asked == ["name.example"]
    assert seen == ["GET /x?y=1"]
    assert requests[0][0]["Host"] == f"name.example:{port}"
    assert requests[0][0]["Accept-Encoding"] == "identity"
    assert (found.media, found.body) == ("text/turtle", OK[2])


def test_proxies_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with serving(OK) as (url, seen):
        get(f"{url}/x")
    assert seen == ["GET /x"]


def test_tls_is_spoken_to_the_name_and_not_to_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[object] = []

    class Context:
        def wrap_socket(self, channel: socket.socket, *, server_hostname: str, **_: object) -> socket.socket:
            names.append(server_hostname)
            raise ssl.SSLCertVerificationError("wrong name")

    monkeypatch.setattr("ekg.store.fetch.ssl.create_default_context", Context)
    with serving(OK) as (url, seen):
        port = url.rpartition(":")[2]
        with pytest.raises(RemoteError, match="wrong name"):
            get(f"https://name.example:{port}/", resolve=lambda host, port: ["127.0.0.1"])
    assert names == ["name.example"]
    assert seen == []


def test_a_certificate_is_checked_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = f"req -x509 -newkey rsa:2048 -nodes -days 2 -keyout {key} -out {certificate}"
    made += " -subj /CN=name.example -addext subjectAltName=DNS:name.example"
    subprocess.run([program, *made.split()], check=True, capture_output=True)
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.sni_callback = lambda channel, name, _: names.append(name)
    trusting = ssl.create_default_context
    monkeypatch.setattr(
        "ekg.store.fetch.ssl.create_default_context", lambda: trusting(cafile=str(certificate))
    )  # fmt: skip
    with serving(OK, tls=context) as (url, seen):
        port = url.rpartition(":")[2]
        found = get(f"https://name.example:{port}/x", resolve=lambda host, port: ["127.0.0.1"])
        assert found.body == OK[2]
        with pytest.raises(RemoteError, match="certificate verify failed"):
            get(f"https://other.example:{port}/x", resolve=lambda host, port: ["127.0.0.1"])
    assert names == ["name.example", "other.example"]
    assert seen == ["GET /x"]


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_followed_to_what_is_listed(status: int) -> None:
    requests: list[tuple[dict[str, str], bytes]] = []
    with serving((status, {"Location": "/other"}, b""), OK, requests=requests) as (url, seen):
        end = time.monotonic() + 60.0
        found = fetch(f"{url}/x", [f"{url}/"], PRIVATE, end, accept="*/*", form={"query": "ASK {}"})
    assert seen == ["POST /x", "POST /other"]
    assert [body for _, body in requests] == [b"query=ASK+%7B%7D"] * 2
    assert found.url == f"{url}/other"


@pytest.mark.parametrize(
    "location",
    [
        "/elsewhere",
        "http://127.0.0.1:9/x",
        "//evil.example/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "x/../../y",
    ],
)
def test_a_redirect_to_what_is_not_listed(location: str) -> None:
    with serving((302, {"Location": location}, b""), OK) as (url, seen):
        with pytest.raises(RefusedError, match="redirects to"):
            get(f"{url}/x")
        assert seen == ["GET /x"]


def test_a_redirect_into_this_network_is_checked_anew() -> None:
    names = {"a.example": "127.0.0.1", "b.example": "169.254.169.254"}
    with serving((302, {"Location": "http://b.example/"}, b"")) as (url, seen):
        port = url.rpartition(":")[2]
        with pytest.raises(RefusedError, match=r"b\.example: its address 169"):
            get(
                f"http://a.example:{port}/", "http://b.example/", resolve=lambda host, port: [names[host]]
            )  # fmt: skip
        assert len(seen) == 1


def test_redirects_end() -> None:
    with serving((302, {"Location": "/x"}, b"")) as (url, seen):
        with pytest.raises(RemoteError, match="more than 3 redirects"):
            get(f"{url}/x")
        assert len(seen) == 4


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        ((500, {}, b"oh <b>no</b>"), "answered 500 Internal Server Error: oh <b>no</b>"),
        ((200, {"Content-Length": "999"}, b"x"), "broke off"),
        ((200, {"Transfer-Encoding": "chunked", "Content-Length": "0"}, b"5\r\nabc"), "broke off"),
        ((200, {"Content-Encoding": "gzip"}, b"x"), "compressed"),
        ((200, {}, b"x" * 3000), r"larger than 2 KiB"),
    ],
)
def test_answers_of_no_use(reply: Reply, message: str) -> None:
    with serving(reply) as (url, _), pytest.raises(RemoteError, match=message):
        get(f"{url}/x", reach=Reach(private=True, timeout=60.0, size=2048))


def test_nobody_there() -> None:
    with serving(OK) as (url, _):
        pass
    with pytest.raises(RemoteError, match="refused"):
        get(f"{url}/x")


def test_an_answer_that_does_not_come() -> None:
    with serving(OK, wait=threading.Event()) as (url, _), pytest.raises(RemoteError, match=LATE):
        get(f"{url}/x", reach=Reach(private=True, timeout=0.2))


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_that_drips_for_ever(start: bytes) -> None:
    done = threading.Event()

    def drip() -> None:
        with listener.accept()[0] as channel:
            channel.recv(4096)
            channel.sendall(start)
            while not done.wait(0.02):
                try:
                    channel.sendall(b"x")
                except OSError:
                    return

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        thread = threading.Thread(target=drip)
        thread.start()
        try:
            with pytest.raises(RemoteError, match=LATE):
                get(f"http://127.0.0.1:{listener.getsockname()[1]}/", reach=Reach(private=True, timeout=0.3))
        finally:
            done.set()
            thread.join()
