"""The command replay: a digest again, byte for byte as it was frozen."""

from __future__ import annotations

import hashlib
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from litwatch.cli import show
from litwatch.cli.options import Config, Json
from litwatch.cli.session import Session
from litwatch.errors import ConfigError, NotFoundError

if TYPE_CHECKING:
    from litwatch.store.frozen import Frozen


class Form(StrEnum):
    TEXT = "text"
    HTML = "html"
    SLACK = "slack"
    MAIL = "mail"
    JSON = "json"


_FORMS = {".txt": Form.TEXT, ".html": Form.HTML, ".eml": Form.MAIL, ".json": Form.JSON}


def register(app: typer.Typer) -> None:
    app.command("replay")(replay)


def replay(
    digest: Annotated[str, typer.Argument(metavar="DIGEST", help="A digest's name or its delivery's number.")],
    form: Annotated[
        Form | None, typer.Option("--form", help="Which of its forms; mail is the whole message.", show_default="text")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it to a .txt, .html, .eml or .json file.")
    ] = None,
    json: Json = False,
    config: Config = None,
) -> None:
    """Show a digest again, byte for byte as it was sent."""
    from litwatch.store.frozen import find_frozen, near_ids

    form = Form.JSON if json else form or (_FORMS.get(out.suffix.lower()) if out else Form.TEXT)
    if form is None:
        raise typer.BadParameter(f"--out: the file's ending says its form; use one of {', '.join(_FORMS)}, or --form")
    session = Session(config)
    with session.store.read() as db:
        frozen = find_frozen(db, digest)
        near = near_ids(db, digest) if frozen is None else []
    if frozen is None:
        cure = f"did you mean {' or '.join(near)}?" if near else "`litwatch outbox` lists deliveries by number"
        raise NotFoundError(f"there is no digest {digest!r}; {cure}")
    said = _bytes_of(session, frozen, form)
    if form is Form.MAIL and frozen.sent_bytes not in ("", hashlib.sha256(said).hexdigest()):
        show.warn(
            f"this is not byte for byte the mail that was sent: since then the url of channel "
            f"{frozen.delivery.channel}, which says between whom it goes, or litwatch itself became another one"
        )
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(said)
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error
    show.note(f"wrote {out}")


def _bytes_of(session: Session, frozen: Frozen, form: Form) -> bytes:
    """Raises NotFoundError where there is no such form of it."""
    from litwatch.store.retention import EMPTIED

    delivery, payload = frozen.delivery, frozen.delivery.payload
    assert payload is not None
    if not payload.text:
        when = f" on {frozen.content[EMPTIED][:10]}" if EMPTIED in frozen.content else ""
        raise NotFoundError(
            f"what {delivery.digest} said was dropped{when} by the rule digests_days under [retention]; a backup from "
            "before has it"
        )
    if form is Form.JSON:
        return _as_json(frozen.content)
    if form is Form.TEXT:
        return payload.text.encode()
    if form is Form.HTML and payload.html:
        return payload.html.encode()
    if form is Form.SLACK and payload.slack:
        return _as_json(list(payload.slack))
    if form is Form.MAIL and not payload.slack:
        return _mail(session, frozen)
    forms = ["text", *(["html", "mail"] if payload.html else []), *(["slack"] if payload.slack else []), "json"]
    raise NotFoundError(f"{delivery.digest} was not made as {form}; it has the forms {', '.join(forms)}")


def _mail(session: Session, frozen: Frozen) -> bytes:
    from litwatch.deliver.channel import mail_of

    delivery = frozen.delivery
    assert delivery.payload is not None
    channel = session.config.channels.get(delivery.channel)
    if channel is None:
        raise ConfigError(
            f"channel {delivery.channel} is not configured any more, and its url says between whom the mail went: "
            "configure it again, or choose --form text, html or json"
        )
    return mail_of(
        delivery.channel,
        channel.url.get_secret_value(),
        delivery.payload,
        digest=delivery.digest,
        number=delivery.id,
        date=delivery.composed,
    )


def _as_json(value: object) -> bytes:
    return f"{show.json_text(value, indent=2)}\n".encode()
