"""litwatch keeps inquiring lines under constant re-test against new arXiv papers."""

__version__ = "0.1.0"
