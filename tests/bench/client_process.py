"""The browser's part, in a process of its own: a browser does not share the interpreter lock with the program.

Reads one JSON command a line, answers with one JSON line. Started by `tests.bench.browser.Browser`.
"""

from __future__ import annotations

import itertools
import json
import selectors
import socket
import sys
import time
from collections import Counter
from typing import Any

from tests.bench.client import read_to_end, request

_PATIENCE_S = 20.0


def main() -> None:
    """Serve commands until the parent closes the pipe."""
    for line in sys.stdin:
        command = json.loads(line)
        requests = [request(target, command["port"]) for target in command["targets"]]
        answer = _flood(command, requests) if "clients" in command else _visit_all(command, requests)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _visit_all(command: dict[str, Any], requests: list[bytes]) -> list[tuple[float, float]]:
    at_once = command["at_once"]
    times: list[tuple[float, float]] = []
    for first in range(0, len(requests), at_once):
        times += _visit(command["port"], requests[first : first + at_once], b"HTTP/1.1 %d " % command["status"])
    return times


def _visit(port: int, requests: list[bytes], status_line: bytes) -> list[tuple[float, float]]:
    """Return perf_counter before the connect and at the end of the stream; the clock is the machine's, not ours."""
    connections = [_ask(port, raw) for raw in requests]
    times = []
    for sock, started in connections:
        answer = read_to_end(sock)
        times.append((started, time.perf_counter()))
        sock.close()
        if not answer.startswith(status_line):
            raise RuntimeError(answer[:40])
    return times


def _flood(command: dict[str, Any], requests: list[bytes]) -> dict[str, int]:
    """Keep so many connections open for so many seconds; return how many answers had which status."""
    statuses: Counter[str] = Counter()
    turns, port = itertools.cycle(requests), command["port"]
    end = time.perf_counter() + command["seconds"]
    with selectors.DefaultSelector() as waiting:
        for _ in range(command["clients"]):
            waiting.register(_ask(port, next(turns))[0], selectors.EVENT_READ, bytearray())
        while waiting.get_map():
            for key, _mask in waiting.select(_PATIENCE_S):
                sock, answer = key.fileobj, key.data
                if not isinstance(sock, socket.socket):
                    raise TypeError(sock)
                piece = sock.recv(65536)
                answer += piece
                if piece:
                    continue
                waiting.unregister(sock)
                sock.close()
                statuses[answer[9:12].decode()] += 1
                if time.perf_counter() < end:
                    waiting.register(_ask(port, next(turns))[0], selectors.EVENT_READ, bytearray())
    return statuses


def _ask(port: int, raw: bytes) -> tuple[socket.socket, float]:
    """Return the connection, and when it was begun."""
    sock = socket.socket()
    sock.settimeout(_PATIENCE_S)
    started = time.perf_counter()
    sock.connect(("127.0.0.1", port))
    sock.sendall(raw)
    return sock, started


if __name__ == "__main__":
    main()
