"""Sets up what is missing, then runs the program or all tests. The one tool the README names.

    python3 .ci/do.py run [ARGUMENTS]    the program: the window, or self-test, sandbox, tokens, …
    python3 .ci/do.py test [ARGUMENTS]   lint, types, import rules, the bundle, then pytest with these arguments
    python3 .ci/do.py bundle             the double-click program, into dist/; it tests itself, and opens its window
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
import time
from pathlib import Path

from bundle_contents import digest_of_sources

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
_PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"
VENV_PYTHON = VENV / _PYTHON
BUILD_VENV = ROOT / ".venv-build"
"""What a bundle is built from: what the program needs, PyInstaller, and nothing that might slip in beside them."""
ONE_FILE = os.environ.get("APP_CENTER_FLOW_ONE_FILE") == "1"
DIST = ROOT / "dist" / "one-file" if ONE_FILE else ROOT / "dist"
WINDOW_LIMIT_S = 60.0
"""For a window to be painted and ready: the first start of a bundle is searched by virus scanners."""
REQUIRED_VARIABLE = "APP_CENTER_FLOW_REAL_PARTS"
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

APT_FOR_BUNDLE = {"objdump": "binutils", "strip": "binutils"}

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
    if task == "bundle":
        return bundle()
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
        programs = {"test": APT_FOR_TESTS, "build": APT_FOR_BUNDLE}.get(purpose, {})
        missing += sorted({package for program, package in programs.items() if not shutil.which(program)})
        if purpose == "build":
            missing += missing_libpython()
        install_with_apt(missing)
    venv = BUILD_VENV if purpose == "build" else VENV
    stamp = venv / "installed-lock"
    installed = stamp.read_text(encoding="ascii") if stamp.is_file() else ""
    # what tests need includes what the program needs
    enough = {digest_of_lock(purpose)} | ({digest_of_lock("test")} if purpose == "run" else set())
    if (venv / _PYTHON).is_file() and installed in enough:
        return
    print(f"Setting up {venv.name}; that is done once and takes a minute or two …", file=sys.stderr, flush=True)
    if not installed or purpose == "build":
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    pip = [str(venv / _PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
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


def missing_libpython() -> list[str]:
    """Return Debian's package with the interpreter as a library, which its own Python does without and a bundle not."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    debians = sys.base_prefix == "/usr" and not ctypes.util.find_library(name)
    return [f"lib{name}"] if debians else []


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
    print("— the bundle", flush=True)
    code = bundle_for_tests(arguments)
    if code:
        return code
    print("— pytest", flush=True)
    return call([str(VENV_PYTHON), "-m", "pytest", *arguments])


def bundle() -> int:
    """Build the bundle anew and have it test itself; returns the exit code."""
    try:
        prepare("build", with_window=True)
    except subprocess.CalledProcessError as error:
        print(f"The setup failed (exit code {error.returncode}); what was printed above says why.", file=sys.stderr)
        return 2
    python = str(BUILD_VENV / _PYTHON)
    # the same sources make the same bundle: no time of day, no random order of sets
    made = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=False, capture_output=True, text=True)
    same = {"SOURCE_DATE_EPOCH": made.stdout.strip() or "1767225600", "PYTHONHASHSEED": "0"}
    if sys.platform == "darwin":  # a malformed framework is a warning otherwise, and an .app that does not start
        same |= {"PYINSTALLER_STRICT_BUNDLE_CODESIGN_ERROR": "1", "PYINSTALLER_VERIFY_BUNDLE_SIGNATURE": "1"}
    options = ["--noconfirm", "--clean", "--log-level=WARN", f"--distpath={DIST}", f"--workpath={ROOT / 'build'}"]
    shutil.rmtree(DIST, ignore_errors=True)
    code = call([python, "-m", "PyInstaller", *options, str(ROOT / "build.spec")], {**os.environ, **same})
    if code:
        return code
    (DIST / "made-of").write_text(digest_of_sources(ROOT), encoding="ascii")
    program = bundled_program()
    return self_test(program) or open_window_once(program)


def self_test(program: Path) -> int:
    """Have a bundle go through a whole flow; returns the exit code. What it says is printed where that fails."""
    print("— the bundle's self-test", flush=True)
    said = ROOT / "build" / "self-test.txt"  # a windowed program has no other place to say it
    said.parent.mkdir(exist_ok=True)
    with said.open("wb") as file:
        environment = {**os.environ, "APP_CENTER_FLOW_HOME": str(ROOT / "build" / "self-test")}
        command = [str(program), "self-test", "--json"]
        code = subprocess.run(command, check=False, stdout=file, stderr=file, env=environment).returncode
    print("passed" if code == 0 else said.read_text(encoding="utf-8", errors="replace"), flush=True)
    return code


def open_window_once(program: Path, limit_s: float = WINDOW_LIMIT_S) -> int:
    """Start a bundle as a double-click does, until its window is painted and ready; returns 0 where that comes.

    The self-test shows nothing, and so loads none of what a window needs. Where there is no screen on Linux, the window
    is opened without one.
    """
    print("— the bundle's window", flush=True)
    home = ROOT / "build" / "first-window"
    shutil.rmtree(home, ignore_errors=True)
    environment = {**os.environ, "APP_CENTER_FLOW_HOME": str(home)}
    if sys.platform == "linux" and not has_screen():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    ready = home / "state" / "window.json"  # left by a window that has been painted and can be used
    said = ROOT / "build" / "first-window.txt"
    said.parent.mkdir(exist_ok=True)
    with said.open("wb") as file:
        process = subprocess.Popen([str(program)], stdout=file, stderr=file, env=environment)
        deadline = time.monotonic() + limit_s
        while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        opened = ready.exists() and process.poll() is None
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    log = home / "log" / "app-center-flow.log"
    told = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (said, log) if path.is_file())
    in_order = os.name == "nt" or process.returncode == 0  # Windows knows no way to ask a program to end
    if opened and in_order and "Traceback" not in told:
        print("opened", flush=True)
        return 0
    words = f"The window did not open within {limit_s:.0f} s, or not without a fault"
    print(f"{words} (exit code {process.returncode}).\n{told}", file=sys.stderr, flush=True)
    return 1


def bundled_program() -> Path:
    """Return the program inside the bundle."""
    name = "app-center-flow.exe" if os.name == "nt" else "app-center-flow"
    if ONE_FILE:
        return DIST / name
    if sys.platform == "darwin":
        return DIST / "App Center Flow.app" / "Contents" / "MacOS" / name
    return DIST / "app-center-flow" / name


def bundle_for_tests(arguments: list[str]) -> int:
    """Build the bundle if tests of it are to run; where it cannot be built they are skipped, if that is allowed."""
    tested = [argument for argument in arguments if not argument.startswith("-")]
    if tested and not any("bundle" in argument for argument in tested):
        return 0
    code = bundle()
    if code and os.environ.get(REQUIRED_VARIABLE) != "required":
        print("There is no bundle; the tests of it are skipped.", file=sys.stderr)
        shutil.rmtree(DIST, ignore_errors=True)
        return 0
    return code


def lock() -> int:
    """Resolve pyproject's ranges for every supported Python and system, with hashes and without any index's name."""
    same_as_run = ("-c", ".ci/lock-run.txt")  # what is tested, and what goes into a bundle, is what runs from source
    extras_of = {"run": (), "test": ("--extra", "test", *same_as_run), "build": ("--extra", "build", *same_as_run)}
    for purpose, extras in extras_of.items():
        code = call(["uv", "pip", "compile", "pyproject.toml", *extras, *UV_OPTIONS, "-o", f".ci/lock-{purpose}.txt"])
        if code:
            return code
    return 0


def call(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run a command in the project's folder and hand on its exit code; Ctrl+C is the command's to handle."""
    child = subprocess.Popen(command, cwd=ROOT, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
