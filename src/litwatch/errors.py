"""The error tree: everything that a reader or operator can mend.

Each message is one line that says what is wrong, where, and the cure. A bug is none of these and keeps its
traceback.
"""

from __future__ import annotations


class LitwatchError(Exception):
    """Base of all that the command line shows as one line and exit code 1."""


class ConfigError(LitwatchError):
    """The configuration cannot be read or holds something unknown."""


class PageError(LitwatchError):
    """A page cannot become a line."""


class WatchlistError(LitwatchError):
    """A watchlist file cannot be read; the message begins with path:line."""


class NotFoundError(LitwatchError):
    """A named line, verdict, paper or delivery does not exist; exit code 3."""


class StoreError(LitwatchError):
    """The store cannot be opened, read or written."""


class LeaseLostError(StoreError):
    """Another process took over what this one was at: nothing was written."""


class BackupError(LitwatchError):
    """A backup cannot be written, or is none that can be restored."""


class HarvestError(LitwatchError):
    """arXiv could not be asked, or what it sent was not whole.

    retry_after: seconds that arXiv asked us to wait, or None.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeliveryError(LitwatchError):
    """A channel did not take a message.

    permanent: trying again cannot help until a person changes something.
    unknown: the message went out and the answer was lost, so it may have arrived.
    partial: some recipients have it and the others were refused; sent again, the first would have it twice.
    about_message: permanent, but because of this message (too long, taken for spam): the channel may take the next.
    retry_after: seconds for which trying again is of no use, or None where the service did not say.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        partial: bool = False,
        about_message: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unknown = unknown
        self.partial = partial
        self.about_message = about_message
        self.retry_after = retry_after


class LanguageModelError(LitwatchError):
    """The language model could not be asked, may not be, or its server did not answer as such a server does.

    at_once: asking once more at once may help.
    free: certainly nothing was used: there was no connection, or the server refused.
    stopped: it was we who broke it off; nothing is wrong.
    retry_after: seconds for which trying again is of no use, or None where the server did not say.
    """

    def __init__(
        self,
        message: str,
        *,
        at_once: bool = False,
        free: bool = False,
        stopped: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.at_once = at_once
        self.free = free
        self.stopped = stopped
        self.retry_after = retry_after


class DataError(LitwatchError):
    """A labelled data set or a bundled file is not of the form it must have."""
