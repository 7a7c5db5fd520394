"""The window's parts: passive views, data in and requests out. They know no client, no keyring and no session."""
