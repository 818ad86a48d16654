"""A digest as one channel will get it: cut to the room that the channel's form has, and written out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from litwatch.digest import html, plain, slack
from litwatch.digest.frame import subject
from litwatch.digest.room import whole
from litwatch.model import Digest, Payload


class Form(StrEnum):
    """What a channel takes."""

    MAIL = "mail"
    """HTML under 95 kB, and the same in plain text."""
    SLACK = "slack"
    """At most 50 blocks, and the same in plain text."""
    TEXT = "text"
    """Plain text of any length."""


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A digest ready for a channel: both parts tell the same papers, and no others count as told."""

    shown: Digest
    payload: Payload


def _calling_nobody(text: str) -> str:
    """Chat services wake whom a text names: with a zero-width space behind its @, a title wakes nobody."""
    return text.replace("@", "@\u200b")


def fit(digest: Digest, form: Form) -> Fitted:
    """The digest cut and written for a form; what has no room is counted in it and left for later."""
    if form is Form.MAIL:
        edition = html.edition_of(digest)
        payload = Payload(subject=subject(digest), text=plain.page(edition), html=html.page(edition))
    elif form is Form.SLACK:
        edition = slack.edition_of(digest)
        blocks = tuple(slack.blocks_of(edition))
        payload = Payload(subject=subject(digest), text=plain.page(edition), slack=blocks)
    else:
        edition = whole(digest)
        payload = Payload(subject=_calling_nobody(subject(digest)), text=_calling_nobody(plain.page(edition)))
    return Fitted(shown=edition.cut, payload=payload)
