"""Requests no browser sends, byte by byte over a socket: each is answered once or not at all, and the next visitor is served."""

import gzip
import socket

import pytest

from house import AREA

HOST = "Host: 127.0.0.1\r\n"
INNER = f"GET /{AREA}/help HTTP/1.1\r\n{HOST}\r\n"


def talk(house, sent: bytes, wait: float = 2.0) -> bytes:
    """What comes back before the line is closed or falls silent."""
    got = b""
    with socket.create_connection(("127.0.0.1", house.port), timeout=wait) as line:
        line.sendall(sent)
        try:
            while piece := line.recv(65536):
                got += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return got


def answers(got: bytes) -> list[int]:
    """The status of each answer on the line."""
    return [int(part[:3]) for part in got.split(b"HTTP/1.1 ")[1:] if part[:3].isdigit()]


def post(headers: str, body: str) -> bytes:
    return f"POST /{AREA}/sign-in HTTP/1.1\r\n{HOST}{headers}\r\n{body}".encode("latin-1")


SMUGGLED = {
    "length and chunks": post(f"Content-Length: {len(INNER) + 5}\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + INNER),
    "chunks and length": post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + INNER),
    "two lengths": post("Content-Length: 0\r\nContent-Length: 44\r\n", INNER),
    "two lengths in one": post("Content-Length: 0, 44\r\n", INNER),
    "a length with a sign": post("Content-Length: +0\r\n", INNER),
    "a length below nothing": post("Content-Length: -1\r\n", INNER),
    "a space before the colon": post("Transfer-Encoding : chunked\r\nContent-Length: 0\r\n", INNER),
    "an unknown coding": post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n" + INNER),
    "a coding twice": post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n" + INNER),
    "a chunk without end": post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFFF\r\n" + INNER),
    "a chunk below nothing": post("Transfer-Encoding: chunked\r\n", "-1\r\n" + INNER),
    "a folded line": post("X-A: b\r\n Content-Length: 44\r\nContent-Length: 0\r\n", ""),
    "a NUL in a header": post("X-A: a\x00b\r\nContent-Length: 0\r\n", ""),
    "a line end in the address": f"GET /{AREA}/\rX HTTP/1.1\r\n{HOST}\r\n".encode("latin-1"),
    "no method": f" /{AREA}/ HTTP/1.1\r\n{HOST}\r\n".encode("latin-1"),
    "another protocol": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "HTTP/9.9": f"GET /{AREA}/ HTTP/9.9\r\n{HOST}\r\n".encode("latin-1"),
}


@pytest.mark.parametrize("name", SMUGGLED, ids=lambda name: name.replace(" ", "-"))
def test_smuggled_requests_are_not_answered(house, name):
    """One request was sent: the second one inside it never gets an answer of its own."""
    got = talk(house, SMUGGLED[name])
    seen = answers(got)
    assert len(seen) <= 1 or 400 in seen, f"{name}: {seen}"
    assert not [status for status in seen if status >= 500], f"{name}: {seen}"
    # The inner request is a page; nothing of it may come back after an answer of the outer one.
    assert 200 not in seen, f"{name}: {seen}"
    assert answers(talk(house, (INNER.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).encode())) == [200]


def test_endless_heads_are_cut_off(house):
    """A head that never ends is not kept in memory."""
    got = talk(house, f"GET /{AREA}/ HTTP/1.1\r\n{HOST}".encode() + b"X-A: " + b"a" * (1 << 21), wait=5)
    assert not answers(got) or answers(got)[0] in (400, 413, 431)
    many = b"".join(b"X-%d: a\r\n" % number for number in range(200_000))
    got = talk(house, f"GET /{AREA}/ HTTP/1.1\r\n{HOST}".encode() + many + b"\r\n", wait=5)
    assert not answers(got) or answers(got)[0] in (400, 413, 431), answers(got)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:80@evil.example", "", "a" * 3000])
def test_another_hosts_name_leads_nowhere(house, host):
    """The name a caller gives is in no link, no redirect and no cookie."""
    got = talk(house, f"GET /{AREA}/my/cases HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert b"evil.example" not in got
    assert all(status < 500 for status in answers(got))


def test_absolute_addresses_stay_here(house):
    """A proxy's form of request does not make the house one."""
    got = talk(house, f"GET http://evil.example/ HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode())
    assert b"evil.example" not in got and all(status < 500 for status in answers(got))
    got = talk(house, b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n")
    assert all(400 <= status < 500 for status in answers(got)), answers(got)


def test_a_packed_body_is_not_unpacked(house):
    """10 MB of nothing in 10 KB stay 10 KB."""
    body = gzip.compress(b"a" * (10 << 20))
    head = (
        f"POST /api/v1/token HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    seen = answers(talk(house, head.encode() + body))
    assert seen and all(400 <= status < 500 for status in seen), seen
