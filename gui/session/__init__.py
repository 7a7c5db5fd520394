"""The session of the window: the only writer of state. Desks for its parts, one board that all of them write on."""
