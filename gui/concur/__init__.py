"""The wire: what is sent to Concur and what comes back. No Qt, no keyring, no files."""
