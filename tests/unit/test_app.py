from __future__ import annotations

import json
import os
import socket
import sys
from typing import TYPE_CHECKING

import pytest

from gui.app import SECRET_VARIABLE, main
from gui.store.folders import HOME_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "canary-secret-of-the-command-line"
GOOD = ("self-test", "--json", "--base-url", "http://127.0.0.1:9", "--consumer-key", "key")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    monkeypatch.delenv(SECRET_VARIABLE, raising=False)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run with arguments that cannot work and return what stderr says."""
    try:
        code: object = main(list(arguments))
    except SystemExit as ended:
        code = ended.code
    out, err = capsys.readouterr()
    assert code == 2
    if out:
        assert "--json" in arguments
        assert json.loads(out)["ok"] is False
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("base_url", "reason"),
    [
        pytest.param("ftp://concur.example", "it has to start with https://", id="scheme"),
        pytest.param("www.concursolutions.com", "it has to start with https://", id="no scheme"),
        pytest.param("https://", "it names no host", id="no host"),
        pytest.param("https://user:canary-secret@h", "must not hold a user name or password", id="credentials"),
        pytest.param("https://h/?client_secret=canary-secret", "must not have a query", id="query"),
        pytest.param("https://h:99999", "port is no number up to 65535", id="port"),
    ],
)
def test_bad_base_url(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, base_url: str, reason: str
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    said = refused(capsys, "self-test", "--base-url", base_url, "--consumer-key", "key")
    assert "The base URL cannot be used" in said
    assert reason in said
    assert "canary" not in said


def test_consumer_key_without_a_base_url(capsys: pytest.CaptureFixture[str]) -> None:
    assert "The base URL cannot be used" in refused(capsys, "self-test", "--consumer-key", "key")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        pytest.param("", "The consumer key is empty", id="empty"),
        pytest.param("  ", "The consumer key is empty", id="blank"),
        pytest.param(" key", "The consumer key has spaces around it", id="padded"),
        pytest.param("k\u2013y", "The consumer key holds characters", id="typographic dash"),
    ],
)
def test_bad_consumer_key(capsys: pytest.CaptureFixture[str], key: str, said: str) -> None:
    assert said in refused(capsys, "self-test", "--base-url", "http://127.0.0.1:9", "--consumer-key", key)


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        pytest.param("", "The consumer secret is empty", id="empty"),
        pytest.param(f"{SECRET}\n", "The consumer secret has spaces around it", id="padded"),
        pytest.param(f"{SECRET} x", "The consumer secret holds characters", id="space inside"),
    ],
)
def test_bad_secret_in_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, secret: str, said: str
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, secret)
    shown = refused(capsys, *GOOD)
    assert said in shown
    assert SECRET not in shown


@pytest.mark.parametrize("has_stdin", [pytest.param(True, id="no terminal"), pytest.param(False, id="no stdin")])
def test_without_a_terminal_the_secret_is_not_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, has_stdin: bool
) -> None:
    with open(os.devnull) as nothing:  # noqa: PTH123  # a device
        monkeypatch.setattr(sys, "stdin", nothing if has_stdin else None)
        assert "The consumer secret is empty" in refused(capsys, *GOOD)


def test_the_secret_of_the_environment_is_used(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    redirect_url = f"http://localhost:{port}/redirect"
    code = main([*GOOD, "--redirect-url", redirect_url, "--wait", "0.05"])
    out, err = capsys.readouterr()
    assert code == 1
    steps = {step["name"]: step for step in json.loads(out)["steps"]}
    assert steps["legacy.listener"]["ok"]
    assert steps["legacy.redirect"]["detail"] == "no redirect came within 0.05 seconds"
    assert SECRET not in out + err


@pytest.mark.parametrize(
    ("redirect_url", "said"),
    [
        pytest.param("https://localhost:8765/r", 'starts with "https:"', id="https"),
        pytest.param("http://concur.example:8765/r", "leads to concur.example", id="elsewhere"),
        pytest.param("http://localhost/r", "has no port", id="no port"),
        pytest.param("http://localhost:80/r", "Port 80 is reserved", id="privileged"),
        pytest.param("http://localhost:8765/r?x=1", "no query", id="query"),
        pytest.param("", "cannot be used", id="empty"),
        pytest.param("localhost:8765", "The redirect URL", id="no scheme"),
    ],
)
def test_bad_redirect_url(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, redirect_url: str, said: str
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    assert said in refused(capsys, *GOOD, "--redirect-url", redirect_url)


def test_a_taken_redirect_port_fails_the_listener(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_VARIABLE, SECRET)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main([*GOOD, "--redirect-url", f"http://localhost:{port}/r"]) == 1
    steps = {step["name"]: step for step in json.loads(capsys.readouterr().out)["steps"]}
    assert f"Port {port} is taken" in steps["legacy.listener"]["detail"]
    assert steps["legacy.redirect"]["detail"] == "not reached"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--consumer-secret", SECRET), id="two words"),
        pytest.param((f"--consumer-secret={SECRET}",), id="one word"),
        pytest.param((SECRET,), id="no option"),
    ],
)
def test_a_secret_is_never_taken_from_the_command_line_nor_repeated(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    said = refused(capsys, *GOOD, *arguments)
    assert "not known here" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((SECRET,), id="in place of a subcommand"),
        pytest.param(("--consumer-secret", SECRET, "self-test"), id="before the subcommand"),
        pytest.param((f"it's {SECRET}\n(choose from", "self-test"), id="with words of argparse's"),
    ],
)
def test_what_is_no_subcommand_is_not_repeated(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    said = refused(capsys, *arguments)
    assert "invalid choice (choose from" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("sandbox", "--port", "65536"), id="port too high"),
        pytest.param(("sandbox", "--port", "-1"), id="port negative"),
        pytest.param(("sandbox", "--port", "http"), id="port a word"),
        pytest.param(("sandbox", "--contract", "future"), id="contract unknown"),
        pytest.param((*GOOD, "--wait", "0"), id="no wait"),
        pytest.param((*GOOD, "--wait", "nan"), id="wait not a number"),
        pytest.param((*GOOD, "--wait", "86401"), id="wait too long"),
        pytest.param(("tokens", "--revoke", "all", "--forget", "all"), id="revoke and forget"),
        pytest.param(("rehearse",), id="unknown subcommand"),
    ],
)
def test_arguments_out_of_bounds(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    said = refused(capsys, *arguments)
    assert "usage:" in said
    assert "_port" not in said
    assert "_seconds" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("--consumer-key", ""), "The consumer key is empty", id="blank key"),
        pytest.param(("--consumer-secret", " s"), "The consumer secret has spaces around it", id="padded secret"),
        pytest.param(("--redirect-url", "javascript:alert(1)"), "a whole http or https URL", id="redirect URL"),
    ],
)
def test_bad_facts_of_a_sandbox(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    assert said in refused(capsys, "sandbox", *arguments)


def test_an_unknown_token_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert "This token is not listed" in refused(capsys, "tokens", "--revoke", "abcd")[-400:]


def test_tokens_of_a_fresh_home(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens"]) == 0
    assert capsys.readouterr().out.startswith("No tokens")


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("App Center Flow ")
