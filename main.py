"""App Center Flow. Not affiliated with SAP."""

import sys

from gui.app import main

if __name__ == "__main__":
    sys.exit(main())
