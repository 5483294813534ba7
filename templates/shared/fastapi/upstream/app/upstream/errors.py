"""The one error of services of others."""


class UpstreamError(Exception):
    """Why what a service sent cannot be used. The text never holds the URL: its query may have a key."""
