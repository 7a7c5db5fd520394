"""Every connection between the window and the session, one line each."""
