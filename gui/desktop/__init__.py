"""What belongs to the desktop and not to the window: dialogs, browser, clipboard."""
