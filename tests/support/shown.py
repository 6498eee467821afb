"""A log as static files on a server that may answer whatever a test says."""

from collections.abc import Mapping

from tests.support.hostile_http import Hostile, answer, type_of_answer

TILE = {"Content-Type": "application/octet-stream"}
NOTE = {"Content-Type": "text/plain; charset=utf-8"}


class _Shown(dict[str, type_of_answer]):
    def __missing__(self, target: str) -> bytes:
        return answer(b"", NOTE, "404 Not Found")


def shown(files: Mapping[str, bytes], **others: type_of_answer) -> Hostile:
    """Return a server with these files of a log; `others` are answered as they are."""
    answers = _Shown()
    for path, raw in files.items():
        answers[f"/{path}"] = answer(raw, NOTE if path == "checkpoint" else TILE)
    answers.update({f"/{path}": said for path, said in others.items()})
    return Hostile(answers)
