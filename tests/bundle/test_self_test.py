"""The whole flow inside the bundle, and what a bundle may have lost on the way."""

from __future__ import annotations

import importlib.metadata
import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.bundle.conftest import LIMIT_S
from tests.flow.test_self_test import check_good_report

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bundle.conftest import Bundle
    from tests.real_keyring import RealKeyring


@pytest.mark.real_part("keyring")
def test_the_whole_flow_with_a_real_keyring(bundle: Bundle, clean: dict[str, str], gnome_keyring: RealKeyring) -> None:
    assert gnome_keyring.daemon.poll() is None
    ended = bundle.run("self-test", "--json", env={**clean, "DBUS_SESSION_BUS_ADDRESS": gnome_keyring.address})
    assert (ended.returncode, ended.stderr) == (0, "")
    assert check_good_report(ended.stdout)["keyring"] == "AbandonableSecretService"


@pytest.mark.real_part("keyring")
def test_its_keyring_is_none_that_a_setting_names(
    bundle: Bundle, clean: dict[str, str], gnome_keyring: RealKeyring
) -> None:
    setting = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with_bus = {**clean, **setting, "DBUS_SESSION_BUS_ADDRESS": gnome_keyring.address}
    ended = bundle.run("self-test", "--json", env=with_bus)
    assert json.loads(ended.stdout)["keyring"] == "AbandonableSecretService"


def test_keyring_finds_its_backends_as_it_does_from_source(bundle: Bundle) -> None:
    """Without its entry points keyring's own choice silently becomes a backend that fails."""
    (found,) = bundle.contents.glob("keyring-*.dist-info")
    bundled = importlib.metadata.Distribution.at(found)
    installed = importlib.metadata.distribution("keyring")
    of_bundle = {(entry.name, entry.value) for entry in bundled.entry_points.select(group="keyring.backends")}
    assert of_bundle == {(entry.name, entry.value) for entry in installed.entry_points.select(group="keyring.backends")}
    assert len(of_bundle) > 3


def test_without_a_bus_it_keeps_secrets_for_the_session(bundle: Bundle, clean: dict[str, str]) -> None:
    ended = bundle.run("self-test", "--json", env=clean)
    assert ended.returncode == 0, ended.stderr
    assert check_good_report(ended.stdout)["keyring"] == "SessionSecretStore"
    assert "There is no keyring here" in ended.stderr


@pytest.mark.parametrize("closed", [pytest.param("1", id="stdout"), pytest.param("1 2", id="both")])
def test_it_does_without_stdout_and_stderr(bundle: Bundle, clean: dict[str, str], tmp_path: Path, closed: str) -> None:
    """A windowed program has neither: Python's are None then."""
    shut = " ".join(f"{number}>&-" for number in closed.split())
    ended = subprocess.run(
        ["sh", "-c", f'exec "$0" self-test {shut}', str(bundle.program)],
        env=clean,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    log = (tmp_path / "home" / "log" / "app-center-flow.log").read_text()
    assert " revoke " in log
    assert "Traceback" not in log + ended.stderr
    assert "Traceback" not in ended.stdout
    assert ended.returncode == 0


def test_its_resources_are_found_from_anywhere(bundle: Bundle, clean: dict[str, str], tmp_path: Path) -> None:
    moved = tmp_path / "Ordner mit Leerzeichen" / "Überprüfung"
    copy_by_links(bundle.program.parent, moved)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    there = type(bundle)(moved / bundle.program.name)
    ended = there.run("self-test", "--json", env=clean, cwd=elsewhere)
    assert ended.returncode == 0, ended.stderr
    check_good_report(ended.stdout)
    assert list(elsewhere.iterdir()) == []


def copy_by_links(source: Path, target: Path) -> None:
    """Copy a folder at no cost."""
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            copy.symlink_to(path.readlink())
        elif path.is_file():
            try:
                os.link(path, copy)
            except OSError:  # another file system
                copy.write_bytes(path.read_bytes())
                copy.chmod(path.stat().st_mode)


def test_without_a_screen_it_says_what_works_instead(bundle: Bundle, clean: dict[str, str]) -> None:
    ended = bundle.run(env=clean)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "self-test" in ended.stderr


def test_its_version_is_that_of_the_project(bundle: Bundle, clean: dict[str, str]) -> None:
    from gui import __version__  # noqa: PLC0415  # what this checkout says

    assert bundle.run("--version", env=clean).stdout == f"App Center Flow {__version__}\n"
