"""Errors of third-party services."""


class UpstreamError(Exception):
    """Why what a service sent cannot be used. The text never holds the URL: its query may have a key."""


class RefusedError(UpstreamError):
    """The service works, but refuses this request: it is wrong, or the key is."""
