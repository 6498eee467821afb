import pytest

from federation import activities, measures, vocabulary
from federation.errors import ActivityMalformed
from tests.federation.wire import CASE, STRANGER, activity, note

AS2 = "https://www.w3.org/ns/activitystreams"
SEEN_ELSEWHERE = {
    "toot": "http://joinmastodon.org/ns#",
    "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    "Emoji": "toot:Emoji",
    "sensitive": "as:sensitive",
    "movedTo": {"@id": "as:movedTo", "@type": "@id"},
    "alsoKnownAs": {"@id": f"{AS2}#alsoKnownAs", "@type": "@id"},
    "publicKey": {"@id": "sec:publicKey", "@type": "@id"},
    "contentMap": {"@id": "as:content", "@container": "@language"},
    "icons": "as:icon",
    "id": "@id",
    "type": "@type",
    "@language": "en",
    "fm": "https://w3id.org/folkmoot/ns#",
    "fm:sealed": {"@id": "fm:sealed", "@type": "@id"},
}


def with_context(*entries):
    return activity(**{"@context": list(entries)})


@pytest.mark.parametrize(
    ("key", "most"), [("to", 200), ("cc", 200), ("tag", 50), ("attachment", 20)]
)
def test_there_is_a_most_of_everything(key, most):
    measures.check(note(to=[], cc=[]) | {key: [STRANGER] * most})

    with pytest.raises(ActivityMalformed):
        measures.check(note(to=[], cc=[]) | {key: [STRANGER] * (most + 1)})
    with pytest.raises(ActivityMalformed):
        measures.check(
            activity(object=note(to=[], cc=[]) | {key: [STRANGER] * (most + 1)})
        )


def test_addressees_are_counted_together():
    measures.check(note(to=[STRANGER] * 100, cc=[STRANGER] * 100))

    with pytest.raises(ActivityMalformed):
        measures.check(note(to=[STRANGER] * 100, cc=[STRANGER] * 100, bcc=STRANGER))


@pytest.mark.parametrize(
    ("key", "longest"), [("name", 500), ("summary", 5_000), ("content", 200_000)]
)
def test_a_text_has_a_longest_length_in_every_language(key, longest):
    measures.check(note(**{key: "a" * longest}))

    for wrong in ({key: "a" * (longest + 1)}, {f"{key}Map": {"en": "a" * 200_001}}):
        with pytest.raises(ActivityMalformed):
            measures.check(note(**wrong))


def test_one_thing_comes_along_with_an_activity():
    with pytest.raises(ActivityMalformed):
        measures.check(activity(object=[note(), note()]))
    with pytest.raises(ActivityMalformed):
        measures.check(activity(object=[note()] * 500))

    measures.check(activity(type="Flag", object=[STRANGER, CASE]))


@pytest.mark.parametrize("key", ["id", "actor", "object"])
def test_an_id_has_a_longest_length(key):
    with pytest.raises(ActivityMalformed):
        measures.check(activity(**{key: "https://c.example/" + "a" * 2_048}))


def test_a_remote_context_is_text_that_nobody_fetches():
    measures.check(with_context(AS2, "http://127.0.0.1/ctx", "https://c.example/ctx"))


def test_the_contexts_of_other_software_are_taken():
    measures.check(with_context(AS2, SEEN_ELSEWHERE))
    measures.check(activity(**{"@context": None}))
    measures.check(activity(**{"@context": SEEN_ELSEWHERE}))


def test_a_context_has_few_entries():
    measures.check(with_context(*[AS2] * 20))

    with pytest.raises(ActivityMalformed):
        measures.check(with_context(*[AS2] * 21))
    with pytest.raises(ActivityMalformed):
        measures.check(with_context(*["https://c.example/ctx"] * 1_000))


@pytest.mark.parametrize(
    "entry",
    [
        *([AS2], [[AS2]], None, 7),
        *(
            {"a": {"@id": "as:a", "@context": {}}},
            {"a": {"@id": {"b": "c"}}},
            {"a": [1]},
        ),
        *({"a": {"@type": {"b": "c"}}}, {"a": {"@container": [{"b": "c"}]}}),
        *({"@vocab": "https://c.example/"}, {"@base": "https://c.example/"}),
        *({"@import": "https://c.example/"}, {"@protected": True}, {"@language": {}}),
        *(
            {"actor": "https://c.example/actor"},
            {"actor": "as:object"},
            {"actor": None},
        ),
        *({"object": {"@id": "as:target"}}, {"to": {"@id": None}}, {"cc": {"@id": 7}}),
        *({"id": "as:id"}, {"id": None}, {"type": None}, {"type": "@id"}),
        *({"kind": "@type"}, {"kind": {"@id": "@id"}}, {"x": {"@reverse": "as:actor"}}),
        *({"as": "https://c.example/ns#"}, {"fm": "https://c.example/ns#"}),
        *({"fm:sealed": "as:content"}, {"fm:consent": None}, {"sec": "as:sec"}),
    ],
)
def test_a_context_that_would_say_something_else_is_refused(entry):
    with pytest.raises(ActivityMalformed):
        measures.check(with_context(AS2, entry))
    with pytest.raises(ActivityMalformed):
        measures.check(activity(object=note(**{"@context": [AS2, entry]})))


@pytest.mark.parametrize("key", ["@id", "@type", "@graph", "@included", "@reverse"])
def test_a_keyword_in_place_of_a_key_is_refused(key):
    with pytest.raises(ActivityMalformed):
        measures.check(activity(**{key: STRANGER}))
    with pytest.raises(ActivityMalformed):
        measures.check(activity(object=note(tag=[{key: STRANGER}])))


LITERAL = {"@value": "x", "@language": "en", "@direction": "ltr"}


def test_a_typed_text_is_let_through_and_says_nothing_here():
    document = note(content=LITERAL, attributedTo=LITERAL)
    measures.check(document)
    assert activities.text(document["content"]) == ""
    assert activities.identifier(document["attributedTo"]) is None


@pytest.mark.parametrize("key", LITERAL)
@pytest.mark.parametrize("beside", ["id", "actor", "content", "@id", "x"])
def test_a_typed_text_is_nothing_else_beside(key, beside):
    with pytest.raises(ActivityMalformed):
        measures.check(activity(object={key: "x", beside: "https://a.example/1"}))
    with pytest.raises(ActivityMalformed):
        measures.check(activity(**{key: "x"}))


def test_below_the_top_no_context_is_none():
    with pytest.raises(ActivityMalformed):
        measures.check(activity(object=note(**{"@context": None})))


def test_attachments_may_be_in_any_vocabulary():
    recipe = {"@context": "https://schema.org", "@type": "Recipe", "name": "Soup"}

    measures.check(note(attachment=recipe))


def test_a_name_we_do_not_read_may_mean_anything():
    measures.check(with_context(AS2, {"likes": None, "votes": "https://c.example/v"}))


def test_our_own_contexts_are_within_the_measure():
    own = vocabulary.published_context()["@context"]
    terms = {key: it for key, it in own.items() if key != "@version"}

    measures.check(with_context(AS2, terms | {"@version": 1.1}))
