"""Benches against bars: what a prototype of this server reached, and what ThreadingHTTPServer does.

Each topic is a module with `run(report)`.
"""
