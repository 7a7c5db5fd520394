"""The browser's part, in a process of its own: a browser does not share the interpreter lock with the program.

Reads one JSON command a line, answers with one JSON line. Started by `tests.bench.browser.Browser`.
"""

from __future__ import annotations

import json
import socket
import sys
import time

from tests.bench.client import read_to_end, request

_PATIENCE_S = 20.0


def main() -> None:
    """Serve commands until the parent closes the pipe."""
    for line in sys.stdin:
        command = json.loads(line)
        port, at_once = command["port"], command["at_once"]
        raw = [request(target, port) for target in command["targets"]]
        times: list[tuple[float, float]] = []
        for first in range(0, len(raw), at_once):
            times += _visit(port, raw[first : first + at_once], b"HTTP/1.1 %d " % command["status"])
        sys.stdout.write(json.dumps(times) + "\n")
        sys.stdout.flush()


def _visit(port: int, requests: list[bytes], status_line: bytes) -> list[tuple[float, float]]:
    """Return perf_counter before the connect and at the end of the stream; the clock is the machine's, not ours."""
    connections = []
    for raw in requests:
        sock = socket.socket()
        sock.settimeout(_PATIENCE_S)
        started = time.perf_counter()
        sock.connect(("127.0.0.1", port))
        sock.sendall(raw)
        connections.append((sock, started))
    times = []
    for sock, started in connections:
        answer = read_to_end(sock)
        times.append((started, time.perf_counter()))
        sock.close()
        if not answer.startswith(status_line):
            raise RuntimeError(answer[:40])
    return times


if __name__ == "__main__":
    main()
