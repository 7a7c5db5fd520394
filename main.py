"""App Center Flow. Not affiliated with SAP."""

import os
import sys


def run() -> int:
    """Import and run the program; Ctrl+C while it is still being imported is no fault to be told of."""
    try:
        from gui.bundle import is_bundle, leave_environment

        if is_bundle():
            leave_environment(os.environ)
        from gui.app import main

        return main()
    except KeyboardInterrupt:
        return 1


if __name__ == "__main__":
    sys.exit(run())
