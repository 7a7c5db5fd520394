"""App Center Flow. Not affiliated with SAP."""

import os
import signal
import sys


def run() -> int:
    """Import and run the program; Ctrl+C while it is still being imported is no fault to be told of."""
    _open_closed_streams()
    if len(sys.argv) == 1:
        # The window: an exception out of the middle of Qt's own start would be lost there, or end in a crash. From the
        # first turn of its loop on, Ctrl+C closes it in order.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from gui.bundle import is_bundle, leave_environment

        if is_bundle():
            leave_environment(os.environ)
        from gui.app import main

        return main()
    except KeyboardInterrupt:
        return 1


def _open_closed_streams() -> None:
    """Take the numbers of streams that whoever started us has closed: a socket that gets one would be printed to."""
    if os.name != "posix":
        return
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


if __name__ == "__main__":
    sys.exit(run())
