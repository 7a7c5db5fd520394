"""What becomes of mistakes of this program while its window is open: the banner says so, a dialog has the report."""

from __future__ import annotations

import platform
import re
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSysInfo, qVersion

from gui import __version__
from gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gui.concur.redaction import Redactor
    from gui.session_requests import CopyRequest
    from gui.widgets.fault_dialog import FaultDialog

_PLACES = re.compile(r'^ +File ".*$', re.MULTILINE)
_KINDS_KEPT = 100


def about_this_program() -> str:
    """Return, in one line, what somebody has to know who reads a report: versions, system, source or bundle."""
    from gui.bundle import is_bundle  # noqa: PLC0415  # seldom needed

    place = "bundle" if is_bundle() else "source"
    return (
        f"App Center Flow {__version__} from {place}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{QSysInfo.prettyProductName()} {QSysInfo.currentCpuArchitecture()}"
    )


def show_start_fault(error: Exception, redactor: Redactor, logger: logging.Logger) -> None:
    """Show and log why there is no window: who started the program by double-click sees nothing else of it."""
    from gui.widgets.fault_dialog import FaultDialog  # noqa: PLC0415  # seldom needed

    report = redactor.text("".join(traceback.format_exception(error)))
    logger.error("no window\n%s", report)
    dialog = FaultDialog(about=about_this_program())
    dialog.show_report(report)
    dialog.exec()


class Faults(QObject):
    """Shows each fault once. What fails twenty times a second must not open a dialog as often as it is closed."""

    def __init__(
        self,
        window: QWidget,
        logger: logging.Logger,
        redactor: Redactor,
        *,
        tell: Callable[[str], None],
        copy: Callable[[CopyRequest], None],
    ) -> None:
        """`tell` says in the window which type of exception it was; `copy` puts a report on the clipboard."""
        super().__init__(window)
        self._window = window
        self._logger, self._redactor = logger, redactor
        self._tell, self._copy = tell, copy
        self._known: dict[tuple[str, ...], None] = {}
        self._dialog: FaultDialog | None = None
        self._heard: Mailbox[tuple[str, str]] = Mailbox(self._on_heard, self)

    def hear(self, name: str, report: str) -> None:
        """Hear of a fault from any thread: the name of its type, and the report. After `close` it is dropped."""
        self._heard.post((name, report))

    def close(self) -> None:
        """Show nothing more."""
        self._heard.close()

    def _on_heard(self, faults: tuple[tuple[str, str], ...]) -> None:
        # What shows it may be what is broken, and a fault in here would come back as the next one to be shown.
        self._guarded(self._tell, faults[-1][0])
        for name, report in faults:
            self._guarded(self._show, name, report)

    def _guarded(self, show: Callable[..., None], *told: str) -> None:
        try:
            show(*told)
        except Exception:  # noqa: BLE001  # as said above; the log has the fault itself already
            text = self._redactor.text(traceback.format_exc())
            self._logger.error("fault while a fault was shown\n%s", text)  # noqa: TRY400  # exception() would not redact

    def _show(self, name: str, report: str) -> None:
        dialog = self._its_dialog()
        kind = (name, *(_PLACES.findall(report) or [report]))
        if kind in self._known:
            dialog.count_again()
            return
        self._known[kind] = None
        if len(self._known) > _KINDS_KEPT:
            del self._known[next(iter(self._known))]
        dialog.show_report(report)

    def _its_dialog(self) -> FaultDialog:
        if self._dialog is None:
            from gui.widgets.fault_dialog import FaultDialog  # noqa: PLC0415  # seldom needed

            self._dialog = FaultDialog(self._window, about=about_this_program())
            self._dialog.copy_requested.connect(self._copy)
        return self._dialog
