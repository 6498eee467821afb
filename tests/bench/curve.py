"""What an entry costs as the log grows, as figures and as a picture.

`python -m tests.bench.curve FIGURES.json PICTURE.svg` draws what `make bench` measured.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from html import escape
from math import log10
from pathlib import Path

from tests.bench.large import Point

_NAME = "append-cost"
WIDTH, HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, BOTTOM = 60, 200, 24, 44
#: Colours that differ for everybody, and each line has a dash of its own.
LINES = (
    ("append", "appended, durable", "#0072b2", ""),
    ("append_cpu", "of it, processor", "#56b4e9", "2 3"),
    ("tag", "tag looked up by", "#d55e00", "8 4"),
    ("raw", "bare SQLite row", "#666666", "1 4"),
)


def keep(points: Iterable[Point], folder: Path) -> None:
    """Write the figures into a folder, and their picture beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [asdict(point) for point in points]
    figures = folder / f"{_NAME}.json"
    figures.write_text(json.dumps(rows, indent=2) + "\n")
    figures.with_suffix(".svg").write_text(draw(rows))


def draw(rows: list[dict[str, float]]) -> str:
    """Return the picture of some figures: entries across, microseconds up."""
    sizes = [row["size"] for row in rows]
    most = max(row[name] for row in rows for name, *_ in LINES)
    step = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500) if most / n <= 6)
    top = (int(most / step) + 1) * step
    low, high = log10(min(sizes)), log10(max(sizes))

    def x(size: float) -> float:
        share = (log10(size) - low) / (high - low)
        return round(_LEFT + share * (WIDTH - _LEFT - _RIGHT), 1)

    def y(cost: float) -> float:
        return round(HEIGHT - BOTTOM - cost / top * (HEIGHT - BOTTOM - _TOP), 1)

    title = "Microseconds an entry costs, by how many entries the log has"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        '<g font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for cost in range(0, top + 1, step):
        parts.append(_line(x(sizes[0]), y(cost), x(sizes[-1]), y(cost)))
        parts.append(_text(_LEFT - 8, y(cost) + 4, f"{cost} µs", "end"))
    for size in sizes:
        parts.append(_line(x(size), y(0), x(size), y(0) + 5))
        parts.append(_text(x(size), y(0) + 20, f"{size:,}", "middle"))
    for place, (name, words, colour, dash) in enumerate(LINES):
        at = " ".join(f"{x(row['size'])},{y(row[name])}" for row in rows)
        style = f'stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{at}" fill="none" {style}/>')
        up, across = _TOP + 14 + 20 * place, WIDTH - _RIGHT + 20
        parts.append(f'<path d="M{across} {up - 4}h28" {style}/>')
        parts.append(_text(across + 36, up, words, "start"))
    return "\n".join([*parts, "</g></svg>", ""])


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#ccc"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def main(figures: str, picture: str) -> None:
    """Draw a file of figures."""
    Path(picture).write_text(draw(json.loads(Path(figures).read_text())))


if __name__ == "__main__":
    main(*sys.argv[1:])
