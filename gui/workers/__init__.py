"""Work off the GUI thread, and the way back. QtCore only."""
