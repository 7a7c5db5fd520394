"""The bundle against PyInstaller's defaults: size, start, and whether the same sources make the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.bench.starting import BARE_WINDOW, ROOT, first_paints, load
from tests.real_window import running_display

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.report import Report

_ROUNDS = 15
_PLACE = ROOT / "build" / "bench"
_PYTHON = ROOT / ".venv-build" / "bin" / "python"
_DEFAULTS = ("--add-data", f"{ROOT / 'resources'}:resources", "--add-data", f"{ROOT / 'LICENSE'}:.")


def run(report: Report) -> None:
    """Build everything anew, then measure."""
    if not _PYTHON.is_file():
        report.note("python3 .ci/do.py bundle first: it sets up what a bundle is built with")
        return
    shutil.rmtree(_PLACE, ignore_errors=True)
    _PLACE.mkdir(parents=True)
    bare = _PLACE / "bare.py"
    bare.write_text(BARE_WINDOW)
    main = str(ROOT / "main.py")
    folder_by_default = _built("defaults", "--onedir", *_DEFAULTS, main)
    file_by_default = _built("one", "--onefile", *_DEFAULTS, main)
    bare_by_default = _built("bare", "--onedir", str(bare))
    folder, again = _ours("ours"), _ours("again")
    file, file_again = (_ours(place, APP_CENTER_FLOW_ONE_FILE="1") for place in ("file", "file-again"))
    for what, ours, theirs in (("one folder", folder, folder_by_default), ("one file", file, file_by_default)):
        report.note(f"{what}: {_size(ours) / 1e6:.1f} MB, with PyInstaller's defaults {_size(theirs) / 1e6:.1f} MB")
        report.at_most(f"size as {what}, to PyInstaller's defaults", _size(ours) / _size(theirs), 0.68)
    report.equal("files that differ when it is built again", sorted(set(_digests(folder)) ^ set(_digests(again))), [])
    report.equal("the one file is the same when it is built again", *({*_digests(one)} for one in (file, file_again)))
    home = {**os.environ, "APP_CENTER_FLOW_HOME": str(_PLACE / "home")}
    started = subprocess.run([str(file), "self-test", "--json"], env=home, check=False, capture_output=True)
    report.equal("exit code of the one file's self-test", started.returncode, 0)
    report.note(load())
    subjects = {
        "bare window's bundle": [str(bare_by_default / "bare")],
        "our bundle": [str(folder / "app-center-flow")],
    }
    with running_display() as display:
        seen = first_paints(display, subjects, _ROUNDS)
    report.note(", ".join(f"{name}: {took:.0f} ms" for name, took in seen.items()))
    ratio = seen["our bundle"] / seen["bare window's bundle"]
    report.at_most("first paint of the bundle, to that of a bare window by PyInstaller's defaults", ratio, 1.35)


def _built(name: str, *options: str) -> Path:
    """Build as somebody would who reads no manual."""
    _pyinstaller(name, {}, "--name", name, "--specpath", str(_PLACE), *options)
    return _PLACE / name / name


def _ours(place: str, **more: str) -> Path:
    _pyinstaller(place, {"SOURCE_DATE_EPOCH": "1767225600", "PYTHONHASHSEED": "0", **more}, str(ROOT / "build.spec"))
    return _PLACE / place / "app-center-flow"


def _pyinstaller(place: str, environment: dict[str, str], *options: str) -> None:
    places = [f"--distpath={_PLACE / place}", f"--workpath={_PLACE / 'work' / place}"]
    subprocess.run(
        [str(_PYTHON), "-m", "PyInstaller", "--noconfirm", "--log-level=ERROR", *places, *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )


def _files(place: Path) -> Iterator[Path]:
    yield from (path for path in ([place] if place.is_file() else place.rglob("*")) if not path.is_symlink())


def _size(place: Path) -> int:
    return sum(path.stat().st_size for path in _files(place) if path.is_file())


def _digests(place: Path) -> Iterator[tuple[str, str]]:
    for path in _files(place):
        if path.is_file():
            yield path.relative_to(place).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest()
