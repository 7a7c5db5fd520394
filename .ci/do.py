"""Sets up what is missing, then runs the program or all tests. The one tool the README names.

    python3 .ci/do.py run [ARGUMENTS]    the program: the window, or self-test, sandbox, tokens, …
    python3 .ci/do.py test [ARGUMENTS]   lint, types, import rules, then pytest with these arguments
    python3 .ci/do.py lock               writes the locked requirements anew (needs uv)

Needs nothing but Python 3.11 or later. On Debian and its kin missing system packages come from apt.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)

APT_FOR_WINDOW = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "glib-2.0": "libglib2.0-0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "xkbcommon": "libxkbcommon0",
    "xcb-cursor": "libxcb-cursor0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
}
"""Library to package: what Qt needs of a bare Debian to open a window."""
FONTS = Path("/usr/share/fonts"), "fonts-dejavu-core"
"""Where fonts lie on Debian, and the package for a machine that has none."""

APT_FOR_TESTS = {
    "appstreamcli": "appstream",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "curl": "curl",
    "dbus-daemon": "dbus-daemon",
    "desktop-file-validate": "desktop-file-utils",
    "gnome-keyring-daemon": "gnome-keyring",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "xauth": "xauth",
    "import": "imagemagick",
}
"""Program to package: real parts that tests drive. Where they are absent and there is no apt, those tests skip."""

UV_OPTIONS = ("--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--quiet", "--upgrade")

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


def main(arguments: list[str]) -> int:
    """Do what the first argument says; returns the exit code."""
    if not OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON:
        print("Python 3.11 to 3.14 is needed; this is", sys.version.split()[0])
        return 2
    task, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if task in {"run", "test"}:
        try:
            prepare(task, with_window=task == "test" or (not rest and has_screen()))
        except subprocess.CalledProcessError as error:
            print(f"The setup failed (exit code {error.returncode}); what was printed above says why.", file=sys.stderr)
            return 2
        return test(rest) if task == "test" else call([str(VENV_PYTHON), str(ROOT / "main.py"), *rest])
    if task == "lock":
        return lock()
    print(__doc__)
    return 2


def has_screen() -> bool:
    """Whether there is a screen that the window could be shown on."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def prepare(purpose: str, *, with_window: bool) -> None:
    """Make the virtual environment and install the locked requirements, unless that is done already."""
    if sys.platform == "linux":
        missing = [] if importlib.util.find_spec("ensurepip") else ["python3-venv"]
        if with_window:
            missing += missing_for_window()
        if purpose == "test":
            missing += [package for program, package in APT_FOR_TESTS.items() if not shutil.which(program)]
        install_with_apt(missing)
    stamp = VENV / "installed-lock"
    installed = stamp.read_text(encoding="ascii") if stamp.is_file() else ""
    if VENV_PYTHON.is_file() and installed in {digest_of_lock(purpose), digest_of_lock("test")}:
        return  # what tests need includes what the program needs
    print(f"Setting up {VENV.name}; that is done once and takes a minute or two …", file=sys.stderr, flush=True)
    if not installed:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    pip = [str(VENV_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = str(ROOT / ".ci" / f"lock-{purpose}.txt")
    # stdout belongs to the program: `run self-test --json` prints one JSON object and nothing else
    subprocess.run([*pip, "--require-hashes", "-r", locked], check=True, stdout=sys.stderr)
    stamp.write_text(digest_of_lock(purpose), encoding="ascii")


def missing_for_window() -> list[str]:
    """Return the Debian packages without which Qt opens no window, or one without letters."""
    missing = [package for library, package in APT_FOR_WINDOW.items() if not ctypes.util.find_library(library)]
    folder, package = FONTS
    if not any(folder.rglob("*.[to]tf")):
        missing.append(package)
    return missing


def digest_of_lock(purpose: str) -> str:
    """Return what identifies the locked requirements of a purpose, as they are now."""
    return hashlib.sha256((ROOT / ".ci" / f"lock-{purpose}.txt").read_bytes()).hexdigest()


def install_with_apt(packages: list[str]) -> None:
    """Install Debian packages; where that cannot be done, say what is missing and go on."""
    if not packages:
        return
    names = " ".join(packages)
    as_root = [] if os.geteuid() == 0 else [shutil.which("sudo") or ""]
    if not shutil.which("apt-get") or as_root == [""]:
        print(f"Not installed, and no apt to install it with: {names}", file=sys.stderr)
        return
    print(f"Installing with apt: {names}", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run([*as_root, "apt-get", *step], check=False, stdout=sys.stderr, env=environment)
        if done.returncode:
            # Some distributions have other names for these, or none. Tests without their real part are skipped.
            print(f"apt could not install all of: {names}. Going on without.", file=sys.stderr, flush=True)
            return


def test(arguments: list[str]) -> int:
    """Run every check, then pytest; the first that fails ends it."""
    for name, *options in CHECKS:
        print(f"— {' '.join((name, *options))}", flush=True)
        code = call([str(VENV_PYTHON.parent / name), *options])
        if code:
            return code
    print("— pytest", flush=True)
    return call([str(VENV_PYTHON), "-m", "pytest", *arguments])


def lock() -> int:
    """Resolve pyproject's ranges for every supported Python and system, with hashes and without any index's name."""
    for purpose, extras in (("run", ()), ("test", ("--extra", "test"))):
        code = call(["uv", "pip", "compile", "pyproject.toml", *extras, *UV_OPTIONS, "-o", f".ci/lock-{purpose}.txt"])
        if code:
            return code
    return 0


def call(command: list[str]) -> int:
    """Run a command in the project's folder and hand on its exit code; Ctrl+C is the command's to handle."""
    child = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
