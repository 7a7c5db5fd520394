from __future__ import annotations

import os
import socket

import psutil
import pytest

from gui.loopback.sockets import bind_loopback, port_holder


def test_the_holder_is_named_where_the_system_tells() -> None:
    listeners = bind_loopback(0)
    port = listeners[0].getsockname()[1]
    try:
        holder = port_holder(port)
        assert holder is None or holder.endswith(f"(process {os.getpid()})")
        assert holder is not None or not psutil.LINUX
    finally:
        for listener in listeners:
            listener.close()
    assert port_holder(port) is None


@pytest.mark.skipif(not psutil.LINUX, reason="elsewhere 127.0.0.2 is no address of this machine")
def test_who_listens_on_another_address_does_not_hold_the_port() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.2", 0))
        other.listen()
        port = other.getsockname()[1]
        assert port_holder(port) is None
        for listener in bind_loopback(port):
            listener.close()


def test_what_is_bound_listens_without_blocking_on_one_port() -> None:
    listeners = bind_loopback(0)
    try:
        assert len({listener.getsockname()[1] for listener in listeners}) == 1
        assert [listener.getsockname()[0] for listener in listeners] == ["127.0.0.1", "::1"]
        assert not any(listener.getblocking() for listener in listeners)
    finally:
        for listener in listeners:
            listener.close()
