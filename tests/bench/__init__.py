"""Benches against the bars of listener.md: each topic is a module with `run(report)`."""
