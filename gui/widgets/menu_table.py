"""What the menus offer: one table of menus, commands, words and keys. Words are translated in context "Menus"."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from gui.session_state import Control
from gui.widgets.theme import DARK_CHOICE, LIGHT_CHOICE, SYSTEM_CHOICE


class Command(Enum):
    """What the menus offer."""

    SAVE_DOCUMENT = auto()
    EXPORT_TIMELINE = auto()
    IMPORT_PROFILE = auto()
    EXPORT_PROFILE = auto()
    QUIT = auto()
    NEW_PROFILE = auto()
    EDIT_PROFILE = auto()
    DUPLICATE_PROFILE = auto()
    DELETE_PROFILE = auto()
    ISSUED_TOKENS = auto()
    START_LISTENER = auto()
    STOP_LISTENER = auto()
    SIMULATE_APP_CENTER = auto()
    OPEN_BROWSER = auto()
    PASTE_REDIRECT = auto()
    DROP_REQUEST_TOKEN = auto()
    EXCHANGE = auto()
    COPY_TOKEN = auto()
    TRY_TOKEN = auto()
    REFRESH_TOKEN = auto()
    REVOKE = auto()
    KEEP_TOKEN = auto()
    START_OVER = auto()
    CANCEL = auto()
    THEME_SYSTEM = auto()
    THEME_LIGHT = auto()
    THEME_DARK = auto()
    SHOW_TIMELINE = auto()
    FILTER_TIMELINE = auto()
    CLEAR_TIMELINE = auto()
    CHECK_LIST = auto()
    SHORTCUTS = auto()
    OPEN_LOG_FOLDER = auto()
    ABOUT = auto()


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of a menu. `control` is what has to be allowed for it; `theme` makes it one of a choice."""

    command: Command
    text: str
    keys: tuple[str, ...] = ()
    control: Control | None = None
    theme: str = ""


SEPARATOR = None

# Keys are chosen so that none means something while a text is edited (Ctrl+X, Ctrl+Z, Escape, Delete), and so that what
# destroys is not one slip away from what does not.
MENUS: tuple[tuple[str, tuple[MenuItem | None, ...]], ...] = (
    (
        "&File",
        (
            MenuItem(
                Command.SAVE_DOCUMENT,
                "&Save document…",
                ("Ctrl+S",),
                Control.SAVE_DOCUMENT,
            ),
            MenuItem(Command.EXPORT_TIMELINE, "&Export timeline…", ("Ctrl+Shift+S",)),
            SEPARATOR,
            MenuItem(Command.IMPORT_PROFILE, "&Import profile…", (), Control.SWITCH_PROFILE),
            MenuItem(Command.EXPORT_PROFILE, "Export &profile…", (), Control.EXPORT_PROFILE),
            SEPARATOR,
            MenuItem(Command.QUIT, "&Quit", ("Ctrl+Q",)),
        ),
    ),
    (
        "&Profile",
        (
            MenuItem(Command.NEW_PROFILE, "&New…", ("Ctrl+N",), Control.SWITCH_PROFILE),
            MenuItem(Command.EDIT_PROFILE, "&Edit…", ("Ctrl+Shift+E",), Control.EDIT_APPLICATION),
            MenuItem(Command.DUPLICATE_PROFILE, "&Duplicate", (), Control.SWITCH_PROFILE),
            MenuItem(Command.DELETE_PROFILE, "De&lete…", (), Control.DELETE_PROFILE),
            SEPARATOR,
            MenuItem(Command.ISSUED_TOKENS, "&Issued tokens…", ("Ctrl+I",)),
        ),
    ),
    (
        "F&low",
        (
            MenuItem(
                Command.START_LISTENER,
                "Start &listener",
                ("Ctrl+L",),
                Control.START_LISTENER,
            ),
            MenuItem(
                Command.STOP_LISTENER,
                "Stop l&istener",
                ("Ctrl+Shift+L",),
                Control.STOP_LISTENER,
            ),
            SEPARATOR,
            MenuItem(
                Command.SIMULATE_APP_CENTER,
                "&Simulate App Center",
                ("Ctrl+J",),
                Control.SIMULATE_APP_CENTER,
            ),
            MenuItem(
                Command.OPEN_BROWSER,
                "Open in &browser",
                ("Ctrl+B",),
                Control.OPEN_BROWSER,
            ),
            MenuItem(
                Command.PASTE_REDIRECT,
                "&Paste redirect",
                ("Ctrl+Shift+V",),
                Control.PASTE_REDIRECT,
            ),
            MenuItem(
                Command.DROP_REQUEST_TOKEN,
                "&Drop request token",
                (),
                Control.DROP_REQUEST_TOKEN,
            ),
            MenuItem(
                Command.EXCHANGE,
                "E&xchange",
                ("Ctrl+Return", "Ctrl+Enter"),
                Control.EXCHANGE,
            ),
            SEPARATOR,
            MenuItem(
                Command.COPY_TOKEN,
                "&Copy token",
                ("Ctrl+Shift+C",),
                Control.COPY_TOKEN,
            ),
            MenuItem(Command.TRY_TOKEN, "&Try it", ("Ctrl+T",), Control.PROBE),
            MenuItem(Command.REFRESH_TOKEN, "&Refresh token", ("Ctrl+R", "F5"), Control.REFRESH),
            MenuItem(Command.REVOKE, "Re&voke", ("Ctrl+Shift+Del",), Control.REVOKE),
            MenuItem(Command.KEEP_TOKEN, "&Keep token", (), Control.KEEP_TOKEN),
            SEPARATOR,
            MenuItem(Command.START_OVER, "Start &over", ("Ctrl+Shift+N",), Control.START_OVER),
            MenuItem(Command.CANCEL, "C&ancel", ("Ctrl+.",), Control.CANCEL),
        ),
    ),
    (
        "&View",
        (
            MenuItem(Command.THEME_SYSTEM, "Theme of the &system", theme=SYSTEM_CHOICE),
            MenuItem(Command.THEME_LIGHT, "&Light theme", theme=LIGHT_CHOICE),
            MenuItem(Command.THEME_DARK, "&Dark theme", theme=DARK_CHOICE),
            SEPARATOR,
            MenuItem(Command.SHOW_TIMELINE, "Show &timeline", ("F8",)),
            MenuItem(Command.FILTER_TIMELINE, "&Filter timeline", ("Ctrl+F",)),
            MenuItem(Command.CLEAR_TIMELINE, "&Clear timeline"),
        ),
    ),
    (
        "&Help",
        (
            MenuItem(Command.CHECK_LIST, "&Check list", ("F1",)),
            MenuItem(Command.SHORTCUTS, "&Keyboard shortcuts", ("Ctrl+/", "Shift+F1")),
            SEPARATOR,
            MenuItem(Command.OPEN_LOG_FOLDER, "Open &log folder"),
            MenuItem(Command.ABOUT, "&About App Center Flow"),
        ),
    ),
)
