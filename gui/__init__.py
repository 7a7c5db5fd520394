"""App Center Flow: an SAP Concur App Center connection from consumer key to revoked token."""

__version__ = "0.1.0"
