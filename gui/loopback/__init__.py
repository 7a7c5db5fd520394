"""The HTTP server on this machine's loopback addresses, and the redirect listener on it. No Qt."""
