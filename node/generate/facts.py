"""What is made up: who tells what, when, and what becomes of it.

The laws are the design's (casework 18), measured on public samples of city reports:
topics fall off as Zipf's law with 1.35, a sixth repeats what others told, 1 % of the
hours hold 30 % of the cases, and 26 % are still open after ten days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from governance.cases import Priority
from governance.intake import Channel
from node.topics import STARTER

#: So many cases have one source of chance, whatever is made before or after them.
CHUNK = 10_000
_TOPICS = list(accumulate(1 / (rank + 1) ** 1.35 for rank in range(len(STARTER))))
_CHANNELS = (Channel.PHONE, Channel.WEB, Channel.EMAIL)
_BY_CHANNEL = (74, 20, 6)
_LANGUAGES, _BY_LANGUAGE = ("en", "es", "pl"), (80, 14, 6)
_WORDS, _TITLE, _BODY = 20_000, 8, 60
_SYLLABLES = {
    "en": "all ber com der ent for gar her ing ket lan mor ner out per ran sta ter und",
    "es": "al ba ca do es fi gan her in jo la mos nes or par que ra san ti u ver ya",
    "pl": "al ba cza do en fi gra hy isk ja ka ło mi no ów pra rze ska ty wi zi",
}
#: What becomes of a case, in so many of a hundred.
_ENDS = {"closed": 62, "open": 26, "withdrawn": 5, "disputed": 4, "discarded": 3}
_REPEATED, _CLUSTER = 0.16, 5
_BURST, _BURSTS = 0.3, 0.01
_MEMBERS = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One case that never was: what is told, and what becomes of it."""

    number: int
    told_at: datetime
    #: A member by number, or None for a guest.
    member: int | None
    story: str
    topic: str
    language: str
    channel: Channel
    priority: Priority
    end: str
    #: How many messages go to and fro before it is done.
    talk: int
    #: From being told to being done.
    lasts: timedelta


def lives(
    seed: int, *, people: int, cases: int, until: datetime, span: timedelta
) -> Iterator[Life]:
    """Yield cases in the order in which they are told, within `span` before `until`."""
    chunks = -(-cases // CHUNK)
    for chunk in range(chunks):
        first = chunk * CHUNK
        count = min(CHUNK, cases - first)
        begins = until - span + span * (first / cases)
        part = span * (count / cases)
        chance = Random(f"{seed}/{chunk}")  # noqa: S311 - the same facts again
        yield from _chunk(chance, first, _moments(chance, begins, part, count), people)


def _moments(
    chance: Random, begins: datetime, span: timedelta, count: int
) -> list[datetime]:
    bursts = [chance.random() * (1 - _BURSTS) for _ in range(3)]

    def moment() -> datetime:
        if chance.random() < _BURST:
            at = chance.choice(bursts) + chance.random() * _BURSTS / len(bursts)
        else:
            at = chance.random()
        return begins + timedelta(seconds=int(span.total_seconds() * at))

    return sorted(moment() for _ in range(count))


def _chunk(
    chance: Random, first: int, moments: list[datetime], people: int
) -> Iterator[Life]:
    cluster: list[str] = []
    for number, at in enumerate(moments, first):
        language = chance.choices(_LANGUAGES, _BY_LANGUAGE)[0]
        if cluster and chance.random() < _REPEATED:
            story = _again(chance, cluster[0])
            cluster.append(story)
        else:
            story = _story(chance, language)
            cluster = [story]
        if len(cluster) >= _CLUSTER:
            cluster = []
        member = chance.randrange(people) if chance.random() < _MEMBERS else None
        yield Life(
            number=number,
            told_at=at,
            member=member,
            story=story,
            topic=chance.choices(STARTER, cum_weights=_TOPICS)[0],
            language=language,
            # A member tells by their own account; what is phoned in has no account.
            channel=Channel.WEB
            if member is not None
            else chance.choices(_CHANNELS, _BY_CHANNEL)[0],
            priority=chance.choices(tuple(Priority), (2, 8, 70, 20))[0],
            end=chance.choices(tuple(_ENDS), tuple(_ENDS.values()))[0],
            talk=chance.randrange(4),
            lasts=timedelta(hours=min(2000.0, chance.lognormvariate(3.4, 1.4))),
        )


@cache
def _vocabulary(language: str) -> tuple[tuple[str, ...], list[float]]:
    chance = Random(f"words/{language}")  # noqa: S311 - the same words again
    syllables = _SYLLABLES[language].split()
    found: dict[str, None] = {}
    while len(found) < _WORDS:
        found["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3, 4))))] = (
            None
        )
    return tuple(found), list(accumulate(1 / (rank + 1) for rank in range(_WORDS)))


def _story(chance: Random, language: str) -> str:
    words, weights = _vocabulary(language)
    said = chance.choices(words, cum_weights=weights, k=_TITLE + _BODY)
    title, body = " ".join(said[:_TITLE]), " ".join(said[_TITLE:])
    return f"{title.capitalize()}.\n{body.capitalize()}."


def _again(chance: Random, story: str) -> str:
    """Return nearly the same words, as a neighbour would tell it."""
    words = story.split(" ")
    for _ in range(3):
        words[chance.randrange(len(words))] = chance.choice(words)
    return " ".join(words)
