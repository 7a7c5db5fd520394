"""Composition root: reads the command line and starts what it asks for."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING

from gui import __version__
from gui.commands.streams import prepare_output
from gui.concur.contract import CONTRACTS, DEFAULT_CONTRACT
from gui.store.profile import DEFAULT_REDIRECT_URL

if TYPE_CHECKING:
    import argparse
    from typing import NoReturn

    from gui.commands.self_test import Target
    from gui.concur.errors import FlowError
    from gui.store.issued_entry import IssuedToken

SECRET_VARIABLE = "APP_CENTER_FLOW_CONSUMER_SECRET"  # noqa: S105  # a variable's name
DEFAULT_WAIT_S = 300.0
_ONLY_WITH_BASE_URL = ("redirect_url", "scope", "wait")
_EXIT_FAILED, _EXIT_USAGE = 1, 2


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit code: 0 well, 1 failed, 2 cannot be done as asked."""
    prepare_output()
    try:
        code = _run(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return _EXIT_FAILED
    except _flow_error() as error:
        from gui.commands.output import say_error

        say_error(error)
        return _EXIT_USAGE
    return code


def _run(arguments: list[str]) -> int:
    if not arguments:  # a double-click: the window is in a hurry, and argparse is not small
        return _run_window()
    options = _options(arguments)
    code: int = options.run(options)
    return code


def _flow_error() -> type[FlowError]:
    """Return what is raised on purpose; asked for only where something was raised, for the window starts without it."""
    from gui.concur.errors import FlowError

    return FlowError


def _options(arguments: list[str]) -> argparse.Namespace:
    """Read the command line. What is not known is not repeated: it may be a secret."""
    parser = _parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        names = [argument.partition("=")[0] for argument in unknown if argument.startswith("--")]
        parser.error(f"not known here: {' '.join(names) or 'an argument'}")
    if options.run is _run_self_test and options.base_url is None and options.consumer_key is None:
        alone = [name for name in _ONLY_WITH_BASE_URL if getattr(options, name) is not None]
        if alone:
            parser.error(f"--{alone[0].replace('_', '-')} goes with --base-url")
    return options


def _parser() -> argparse.ArgumentParser:
    import argparse
    import re

    class Parser(argparse.ArgumentParser):
        """Does not repeat what it does not know, as its base class does: it may be a secret."""

        def error(self, message: str) -> NoReturn:
            super().error(re.sub(r"invalid choice: .*(?= \(choose from )", "invalid choice", message, flags=re.DOTALL))

    parser = Parser(
        prog="app-center-flow",
        description="Build, test and certify an SAP Concur App Center connection. Not affiliated with SAP.",
    )
    parser.add_argument("--version", action="version", version=f"App Center Flow {__version__}")
    parser.set_defaults(run=_run_window)
    commands = parser.add_subparsers(title="subcommands")

    test = commands.add_parser("self-test", help="the whole flow without a screen")
    test.set_defaults(run=_run_self_test)
    test.add_argument("--json", action="store_true", help="one JSON object on stdout and nothing else")
    test.add_argument("--base-url", help="another Concur than the built-in simulated one")
    test.add_argument("--contract", choices=tuple(CONTRACTS), help="of that app; without --base-url both are tried")
    test.add_argument("--consumer-key", help="of the app registered there")
    test.add_argument("--redirect-url", help=f"as registered there ({DEFAULT_REDIRECT_URL})")
    test.add_argument("--scope", help="separated by commas or spaces, as registered there")
    test.add_argument("--wait", type=_seconds, metavar="S", help=f"for the browser ({DEFAULT_WAIT_S:.0f} s)")
    test.epilog = f"The consumer secret is asked for on the terminal, or read from {SECRET_VARIABLE}."

    sandbox = commands.add_parser("sandbox", help="the simulated Concur alone, for your own application")
    sandbox.set_defaults(run=_run_sandbox)
    sandbox.add_argument("--port", type=_port, default=0, help="any free one if not given")
    sandbox.add_argument("--consumer-key", help="made up if not given")
    sandbox.add_argument("--consumer-secret", help="made up if not given; never a real one")
    sandbox.add_argument("--redirect-url", help="where its App Center page leads to; sign-ins may then use no other")
    sandbox.add_argument(
        "--contract", choices=tuple(CONTRACTS), default=DEFAULT_CONTRACT, help="offered first; both work"
    )
    sandbox.add_argument("--auto-approve", action="store_true", help="sign-in pages redirect at once")

    tokens = commands.add_parser("tokens", help="issued tokens: list, revoke, forget")
    tokens.set_defaults(run=_run_tokens)
    action = tokens.add_mutually_exclusive_group()
    action.add_argument("--revoke", metavar="ID", help='the start of an id, or "all"')
    action.add_argument("--forget", metavar="ID", help='the start of an id, or "all"; does not revoke')
    return parser


def _run_window(_options: argparse.Namespace | None = None) -> int:
    from gui.desktop.qt_import import import_qt
    from gui.desktop.screen import screen_problem

    problem = screen_problem(os.environ)
    if problem is not None:
        from gui.commands.output import say

        say(problem)
        return _EXIT_USAGE
    gc.disable()  # nothing of a start is garbage, and looking for it takes its time; on again after the first paint
    import_qt()  # before the rest of the window is imported
    from gui.window import run_window

    return run_window(os.environ)


def _run_self_test(options: argparse.Namespace) -> int:
    from gui.commands.output import say_error, say_result, words
    from gui.commands.self_test_report import contracts_tested, report_of_refusal, run_self_test
    from gui.commands.tokens import show_recovery
    from gui.commands.workplace import open_workplace
    from gui.concur.errors import FlowError
    from gui.flow.recovery import recover

    try:
        target = None if options.base_url is None and options.consumer_key is None else _target(options)
    except FlowError as error:
        say_error(error)
        if options.json:
            say_result(report_of_refusal(words(error), contracts_tested(None, options.contract)))
        return _EXIT_USAGE
    with open_workplace(os.environ) as workplace:
        try:
            show_recovery(
                recover(workplace.tokens, lambda token: workplace.connection_for(token, _secret_of(token, target)))
            )
        except FlowError as error:  # the step that needs the journal says so as well, in the report
            say_error(error)
        return run_self_test(workplace, contracts_tested(target, options.contract), target, as_json=options.json)


def _secret_of(token: IssuedToken, target: Target | None) -> str:
    """Return the secret for what an earlier self-test has left, where this one asks the same app."""
    if target is None or (token.base_url, token.consumer_key) != (target.base_url, target.consumer_key):
        return ""
    return target.consumer_secret


def _target(options: argparse.Namespace) -> Target:
    from gui.commands.output import say
    from gui.commands.self_test import Target
    from gui.concur.application import (
        CONSUMER_KEY,
        CONSUMER_SECRET,
        check_base_url,
        check_credential,
    )
    from gui.loopback.redirect_url import parse_redirect_url

    contract = options.contract or DEFAULT_CONTRACT
    base_url = check_base_url(options.base_url or "")
    key = check_credential(CONSUMER_KEY, options.consumer_key or "")
    redirect_url = DEFAULT_REDIRECT_URL if options.redirect_url is None else options.redirect_url
    parse_redirect_url(redirect_url)
    secret = os.environ.get(SECRET_VARIABLE)
    if secret is None and sys.stdin is not None and sys.stdin.isatty():
        secret = _ask_for_secret()
    elif secret is None:
        say(f"There is no terminal to ask for the consumer secret on: put it into {SECRET_VARIABLE}.")
    return Target(
        base_url=base_url,
        consumer_key=key,
        consumer_secret=check_credential(CONSUMER_SECRET, secret or ""),
        redirect_url=redirect_url,
        scopes=CONTRACTS[contract].new_app_scopes if options.scope is None else _scopes(options.scope),
        contract=contract,
        wait_s=DEFAULT_WAIT_S if options.wait is None else options.wait,
    )


def _scopes(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _ask_for_secret() -> str:
    """Ask on the terminal; Ctrl+D and bytes that are no text count as nothing entered."""
    entered = ""
    with contextlib.suppress(EOFError, UnicodeError):
        import getpass

        entered = getpass.getpass("Consumer secret: ")
    return entered


def _run_sandbox(options: argparse.Namespace) -> int:
    from gui.commands.sandbox import run_sandbox
    from gui.concur.application import CONSUMER_KEY, CONSUMER_SECRET, check_credential
    from gui.loopback.errors import RedirectUrlMalformed
    from gui.sandbox.records import RegisteredApp
    from gui.sandbox.redirects import is_usable
    from gui.sandbox.tokens import new_consumer_key, new_consumer_secret

    key, secret = options.consumer_key, options.consumer_secret
    app = RegisteredApp(
        consumer_key=new_consumer_key() if key is None else check_credential(CONSUMER_KEY, key),
        consumer_secret=new_consumer_secret() if secret is None else check_credential(CONSUMER_SECRET, secret),
        redirect_url=options.redirect_url,
        contract=options.contract,
    )
    if app.redirect_url is not None and not is_usable(app.redirect_url):
        raise RedirectUrlMalformed(reason="it has to be a whole http or https URL in ASCII, without a user name")
    return run_sandbox(app, port=options.port, auto_approve=options.auto_approve)


def _run_tokens(options: argparse.Namespace) -> int:
    from gui.commands.tokens import forget_tokens, list_tokens, revoke_tokens
    from gui.commands.workplace import open_workplace

    with open_workplace(os.environ) as workplace:
        if options.revoke is not None:
            return revoke_tokens(workplace, options.revoke)
        if options.forget is not None:
            return forget_tokens(workplace, options.forget)
        return list_tokens(workplace)


def _port(text: str) -> int:
    import argparse

    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004  # 16 bits
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    import argparse

    with contextlib.suppress(ValueError):
        seconds = float(text)
        if 0 < seconds <= 24 * 3600:
            return seconds
    raise argparse.ArgumentTypeError("a number of seconds, a day at most")
