"""Benches against the bars of listener.md. Each topic is a module with `run(report)`; start with `python -m tests.bench`."""
