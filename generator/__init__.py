"""``scaffold``: turns a few answers into a complete, proven backend."""

__version__ = "0.1.0"
