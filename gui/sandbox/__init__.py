"""The simulated Concur. What no source states about the real one is marked as simulated. No Qt."""
