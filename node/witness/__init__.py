"""Witnesses: this node cosigns other logs, and others cosign its own.

What is cosigned stands on disk before anybody hears of it, one history for each log.
Nobody who is asked over the network is ever waited for by anybody else.
"""

from node.witness.accepting import accept
from node.witness.anchoring import JOB as ANCHOR
from node.witness.anchoring import anchor
from node.witness.anchoring import begin as begin_anchors
from node.witness.answering import add_checkpoint, latest
from node.witness.asking import start_check
from node.witness.desk import (
    Overview,
    Proof,
    Watcher,
    find,
    name,
    overview,
    proof,
)
from node.witness.ending import end, request_end
from node.witness.errands import due, is_errand, run
from node.witness.finding import MOST, Found
from node.witness.knowing import Known, add, add_all, listed
from node.witness.mirrored import (
    mirrored_checkpoint,
    mirrored_tags,
    mirrored_tile,
)
from node.witness.recovering import recover
from node.witness.warning import JOB, warn

__all__ = [
    "ANCHOR",
    "JOB",
    "MOST",
    "Found",
    "Known",
    "Overview",
    "Proof",
    "Watcher",
    "accept",
    "add",
    "add_all",
    "add_checkpoint",
    "anchor",
    "begin_anchors",
    "due",
    "end",
    "find",
    "is_errand",
    "latest",
    "listed",
    "mirrored_checkpoint",
    "mirrored_tags",
    "mirrored_tile",
    "name",
    "overview",
    "proof",
    "recover",
    "request_end",
    "run",
    "start_check",
    "warn",
]
