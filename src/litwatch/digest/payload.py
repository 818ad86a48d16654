"""A digest in every form that a channel may want."""

from __future__ import annotations

from litwatch.digest import html, plain, slack
from litwatch.digest.frame import subject
from litwatch.model import Digest, Payload


def payload(digest: Digest) -> Payload:
    """Subject, text, HTML under 95 kB and at most 50 Slack blocks.

    The text tells the whole digest; HTML and Slack tell what they have room for and count the rest, see
    `html.fitted` and `slack.fitted`.
    """
    return Payload(
        subject=subject(digest), text=plain.render(digest), html=html.render(digest), slack=slack.render(digest)
    )
