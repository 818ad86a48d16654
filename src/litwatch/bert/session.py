"""Running a bundled BERT model on the processor, with ONNX Runtime."""

from __future__ import annotations

import os
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from litwatch.bert.wordpiece import WordPiece

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

_MOST_THREADS = 4
"""More hardly help with a text at a time."""


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_session(model: bytes, *, threads: int | None = None) -> InferenceSession:
    """model: in ONNX form. threads: that share the reading of one text; as many as there are processors, up to a few,
    unless given."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads or min(processors(), _MOST_THREADS)
    # Threads that wait by spinning take the processor from all else that runs here.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def bundled_tokens() -> WordPiece:
    """The pieces of BERT's uncased models, which all models that come with litwatch read by."""
    return WordPiece((resources.files("litwatch.bert") / "vocab.txt").read_text(encoding="utf-8").splitlines())
