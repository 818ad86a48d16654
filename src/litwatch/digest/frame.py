"""What stands around the papers of a digest: subject and heading, what to know first, the foot.

In plain text on one line with commands between backticks, as in `wording`.
"""

from __future__ import annotations

from datetime import datetime

from litwatch.digest.room import Edition
from litwatch.digest.wording import clean, count, day, listed, period, shorten
from litwatch.model import Coverage, Digest, DigestKind, HarvestState, Section, Stance


def tally(digest: Digest) -> str:
    """ "12 papers, 2 likely contradictions": how much there is, the challenges by their kind."""
    papers = count(len(digest.entries), "paper") if digest.entries else "no new papers"
    return ", ".join((papers, *_challenges(digest)))


def _challenges(digest: Digest) -> tuple[str, ...]:
    """Papers that likely challenge a claim, each counted once under its strongest mark."""
    stances = [
        next(verdict.evidence.stance for _, verdict in entry.marks if verdict.evidence.stance.challenges)
        for entry in digest.entries
        if entry.challenge
    ]
    parts = []
    if contradicting := stances.count(Stance.CONTRADICTS):
        parts.append(count(contradicting, "likely contradiction"))
    if superseding := stances.count(Stance.SUPERSEDES):
        parts.append(f"{superseding:,} likely superseding")
    return tuple(parts)


def subject(digest: Digest) -> str:
    name = "litwatch alert" if digest.kind is DigestKind.ALERT else "litwatch"
    when = period(digest.coverage.period_start, digest.coverage.period_end)
    return f"{name}: {tally(digest)} ({shorten(digest.channel, 60) or 'preview'}, {when})"


def heading(digest: Digest) -> str:
    if digest.kind is DigestKind.ALERT:
        return "litwatch alert"
    return f"litwatch, {period(digest.coverage.period_start, digest.coverage.period_end)}"


def summary(digest: Digest) -> str:
    """One line: what the reader will find."""
    read = f"{count(digest.coverage.papers_read, 'paper')} read"
    if not digest.entries:
        if any(section.changes for section in digest.sections):
            return f"Nothing new bore on your lines, but the standing of claims changed; {read}."
        return f"Nothing new bore on your lines; {read}."
    told = count(sum(bool(section.entries) for section in digest.sections), "line")
    challenges = ", ".join(_challenges(digest)) or "none is marked as challenging a claim"
    return f"{count(len(digest.entries), 'paper')} on {told}: {challenges}. {read[0].upper() + read[1:]}."


def trouble(coverage: Coverage) -> str:
    """What the reader must know before trusting the rest; "" when all is well."""
    harvest = coverage.harvest
    if harvest is None:
        return "Nothing has been harvested yet, so this says nothing about arXiv. `litwatch poll` asks it."
    reason = f" ({shorten(harvest.reason, 300).rstrip('.')})" if clean(harvest.reason) else ""
    if harvest.state is HarvestState.STALLED:
        return (
            f"The harvest has stalled: on {_moment(harvest.at)} arXiv had nothing new although an announcement "
            f"was due{reason}. Papers may be missing here; `litwatch doctor` looks into it."
        )
    if harvest.state is HarvestState.FAILED:
        return (
            f"The last harvest failed on {_moment(harvest.at)}{reason}. "
            "Papers may be missing here; what was missed is asked for again. `litwatch doctor` looks into it."
        )
    return ""


def rest(section: Section, hidden_changes: int = 0) -> str:
    """What a section counts without telling it; "" where nothing is."""
    slug = shorten(section.line, 60)
    parts = []
    if section.left_out:
        parts.append(f"{count(section.left_out, 'more paper')} had no room: `litwatch papers {slug}`")
    if hidden_changes:
        parts.append(f"{count(hidden_changes, 'more change')} of standing: `litwatch claims {slug}`")
    return " · ".join(parts)


def foot(edition: Edition) -> tuple[str, ...]:
    """Coverage, what is not told here, and how to stop: one entry a line."""
    digest, coverage = edition.whole, edition.whole.coverage
    said = []
    if edition.beyond:
        papers = sum(section.left_out for section in edition.beyond)
        changes = sum(edition.hidden_changes(section) for section in edition.beyond)
        counts = [count(papers, "paper")] if papers else []
        counts += [count(changes, "change") + " of standing"] if changes else []
        names = listed([section.line for section in edition.beyond])
        said.append(f"No room here for {' and '.join(counts)} on {names}: `litwatch papers LINE`")
    if edition.quiet:
        said.append(f"Nothing new on {listed(edition.quiet)}.")
    watched = f" in {listed(coverage.categories, most=20)}" if coverage.categories else ""
    window = f"{_moment(coverage.period_start)} to {_moment(coverage.period_end)}"
    said.append(f"Window: {window}; {count(coverage.papers_read, 'paper')} read{watched}.")
    if coverage.harvest is None:
        said.append("Last harvest: none yet.")
    else:
        said.append(f"Last harvest: {coverage.harvest.state}, {_moment(coverage.harvest.at)}.")
    said.append("All that matched: `litwatch papers LINE`. Where each claim stands: `litwatch claims LINE`.")
    if any(entry.marks for entry in digest.entries):
        said.append("Marks are candidates found by a program; each stays one until you confirm or reject it.")
    channel = shorten(digest.channel, 60)
    if channel in ("", "preview"):
        said.append("A preview: no channel sends it. Add one as [channels.NAME] in litwatch.toml.")
    elif digest.kind is DigestKind.ALERT:
        said.append(f"Sent at once by your channel {channel}; `alerts = false` under [channels.{channel}] stops it.")
    else:
        said.append(
            f"Sent by your channel {channel}. To stop it, remove [channels.{channel}] from litwatch.toml; "
            "to rest one line, `litwatch pause LINE`."
        )
    return tuple(said)


def _moment(moment: datetime) -> str:
    return f"{day(moment)} {moment:%H:%M} UTC"
