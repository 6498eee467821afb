from dataclasses import replace
from fcntl import LOCK_EX, flock
from itertools import islice

import pytest
import structlog
from sqlalchemy import select, text

from federation.fetch import Answer
from ledger import checkpoint, tiles, tree
from node import log, work
from node.errors import BadSetting, ExportFailed
from node.log import copying, exporting, names
from node.log.folder import Folder
from node.models.jobs import Job
from tests.support import hosts
from tests.support.cast import moot_on
from tests.support.commands import typed
from tests.support.engines import ENGINES, server_of
from tests.support.logs import grow, inside, published, root_of
from tests.support.witnessing import POST, TEXT, cosigned, lines

LEAVES = 700


@pytest.fixture(scope="module", params=ENGINES)
def grown(request, tmp_path_factory):
    """A log that was published three times, and has more than was published."""
    server, home = server_of(request), tmp_path_factory.mktemp("log")
    with moot_on(server, home) as moot:
        for number in (250, 10, LEAVES):
            grow(moot.village, moot.node, number)
        moot.tell()
        log.sequence(moot.node)
        yield moot


def files(folder):
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def readable(node, read):
    """Read a whole log the way an auditor does; return its size, or None."""
    raw = read("checkpoint")
    if raw is None:
        return None
    head = checkpoint.open(raw, [names.log_signer(node).vkey])
    bottom = range(-(-head.size // tiles.FULL))
    bundles = [read(tiles.path(-1, n, tiles.width(-1, n, head.size))) for n in bottom]
    leaves = [leaf for bundle in bundles for leaf in tiles.unbundle(bundle)]
    assert root_of(leaves) == head.root
    edge = tree.append(tree.Edge(), map(tree.leaf_hash, leaves))[0]
    for path in tiles.needed(0, head.size):
        found = tiles.parse_path(path)
        assert len(read(path)) == found.width * 32
    assert edge.size == head.size
    return head.size


def test_a_line_of_a_witness_is_exported_when_it_joins(oracle, tmp_path):
    settings = replace(oracle.ash.settings, ledger_export=str(tmp_path / "copy"))
    exporting_node = replace(oracle.ash, settings=settings)
    oracle.grow()
    oracle.answers[POST] = Answer(200, TEXT, cosigned(oracle))

    while work.sweep(exporting_node):
        pass

    assert len(lines(oracle.ash)) == 2
    copied = (tmp_path / "copy" / "checkpoint").read_bytes()
    assert copied == log.checkpoint(oracle.ash)


def reader(folder):
    return Folder(folder).get


def test_a_folder_holds_the_published_log_and_nothing_else(grown, tmp_path):
    size = log.publish_to(grown.node, str(tmp_path / "new" / "ledger"))

    found = files(tmp_path / "new" / "ledger")
    assert size == published(grown.node).size < inside(grown.node).size
    wanted = tiles.needed(0, size)
    bundles = {
        path.replace("/0/", "/entries/") for path in wanted if path[:7] == "tile/0/"
    }
    assert found.keys() == {"checkpoint", *wanted, *bundles}
    assert found["checkpoint"] == log.checkpoint(grown.node)
    for path in {*wanted, *bundles}:
        assert found[path] == log.tile(grown.node, path)


def test_the_checkpoint_comes_last(grown, tmp_path):
    *before, last = copying.steps(grown.node, Folder(tmp_path))

    assert last == "checkpoint"
    assert "checkpoint" not in before


def cut_off_everywhere(moot, to):
    """Export, publish more, and cut the next export off after each of its files."""
    grow(moot.village, moot.node, 250)
    list(copying.steps(moot.node, to))
    first = published(moot.node).size
    second = grow(moot.village, moot.node, 300)
    written = []
    while "checkpoint" not in written:
        assert readable(moot.node, to.get) == first
        written = list(islice(copying.steps(moot.node, to), len(written) + 1))

    assert len(written) > 5
    assert readable(moot.node, to.get) == second


def test_wherever_writing_is_cut_off_the_folder_can_be_read(moot, tmp_path):
    cut_off_everywhere(moot, Folder(tmp_path / "out"))


def test_a_first_export_that_is_cut_off_has_no_checkpoint_yet(grown, tmp_path):
    list(islice(copying.steps(grown.node, Folder(tmp_path)), 3))

    assert readable(grown.node, reader(tmp_path)) is None
    assert len(files(tmp_path)) == 3


def test_a_half_written_file_stands_beside_its_place_and_is_written_again(
    grown, tmp_path
):
    (tmp_path / "tile" / "0").mkdir(parents=True)
    (tmp_path / "tile" / "0" / ".000.new").write_bytes(b"half")

    log.publish_to(grown.node, str(tmp_path))

    assert readable(grown.node, reader(tmp_path)) == published(grown.node).size
    assert not list(tmp_path.rglob(".*.new"))


def test_only_what_is_new_is_written(moot, tmp_path):
    grow(moot.village, moot.node, 300)
    log.publish_to(moot.node, str(tmp_path))
    assert list(copying.steps(moot.node, Folder(tmp_path))) == []

    size = grow(moot.village, moot.node, 8)
    written = list(copying.steps(moot.node, Folder(tmp_path)))

    width = size - 256
    assert written == [
        f"tile/entries/001.p/{width}", f"tile/0/001.p/{width}", "checkpoint"
    ]  # fmt: skip


def test_a_long_log_is_exported_in_turns_that_can_each_be_read(
    moot, tmp_path, monkeypatch
):
    monkeypatch.setattr(copying, "STEP", 300)
    sizes = [grow(moot.village, moot.node, 200) for _ in range(4)]
    reached = []
    while sizes[-1] not in reached:
        list(copying.steps(moot.node, Folder(tmp_path)))
        reached.append(readable(moot.node, reader(tmp_path)))

    assert len(reached) > 1
    assert reached == sorted(reached)
    assert set(reached) <= set(sizes)


@pytest.mark.parametrize("what", [b"", b"hello", b"x" * 70_000])
def test_a_place_with_something_else_in_it_is_left_alone(grown, tmp_path, what):
    (tmp_path / "checkpoint").write_bytes(what)

    with pytest.raises(ExportFailed, match="not the checkpoint of our log"):
        log.publish_to(grown.node, str(tmp_path))
    assert files(tmp_path) == {"checkpoint": what}


def test_a_log_that_fell_back_never_overwrites_what_was_published(moot, tmp_path):
    out = tmp_path / "out"
    grow(moot.village, moot.node, 8)
    log.publish_to(moot.node, str(out))
    before = files(out)
    with moot.node.begin() as tx:
        tx.execute(text("DELETE FROM ledger_checkpoint WHERE size > 8"))

    with pytest.raises(ExportFailed, match="further than this log"):
        log.publish_to(moot.node, str(out))
    assert files(out) == before


def test_a_folder_that_cannot_be_written_is_named_in_a_sentence(grown, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ExportFailed, match="could not be"):
        log.publish_to(grown.node, str(tmp_path / "file" / "below"))


@pytest.fixture
def exporting_to(moot):
    def to(where):
        settings = replace(moot.node.settings, ledger_export=str(where))
        return moot.village.open(settings)

    return to


def test_after_each_publication_a_job_brings_the_folder_up_to_it(
    moot, exporting_to, tmp_path
):
    node = exporting_to(tmp_path)
    sizes = []
    for _ in range(2):
        grow(moot.village, node, 20)
        moot.village.work(node)
        sizes.append(readable(node, reader(tmp_path)))

    assert sizes == [
        int(note.split(b"\n")[1]) for note in reversed(log.checkpoints(node)[:2])
    ]


def test_without_the_setting_nothing_is_asked_for(moot):
    grow(moot.village, moot.node, 20)

    assert asked(moot.node) == []


def asked(node):
    with node.read() as tx:
        found = select(Job.subject, Job.done_at, Job.last_error)
        return tx.execute(found.where(Job.kind == log.EXPORT).order_by(Job.id)).all()


def test_a_place_that_is_away_is_tried_again_and_costs_nobody_else(
    moot, exporting_to, tmp_path
):
    away = tmp_path / "away"
    away.write_text("")
    node = exporting_to(away)
    size = grow(moot.village, node, 20)
    moot.village.work(node)

    [job] = asked(node)
    assert (job.subject, job.done_at, job.last_error) == (str(size), None, FAILED)

    away.unlink()
    moot.village.pass_time(minutes=1)
    moot.village.work(node)
    assert readable(node, reader(away)) == size


FAILED = "ExportFailed"


def test_an_older_publication_is_left_to_the_newer_one(moot, exporting_to, tmp_path):
    out = tmp_path / "out"
    node = exporting_to(out)
    first = grow(moot.village, node, 20)
    grow(moot.village, node, 20)

    log.export(node, str(first))

    assert files(out) == {}


def test_two_never_write_at_once(moot, exporting_to, tmp_path):
    out = tmp_path / "out"
    node = exporting_to(out)
    grow(moot.village, node, 20)
    with (node.settings.data / "export.lock").open("w") as held:
        flock(held, LOCK_EX)
        moot.village.work(node)

    assert [job.last_error for job in asked(node)] == ["export.busy"]
    assert files(out) == {}


def test_what_one_turn_did_not_finish_the_next_one_does(
    moot, exporting_to, tmp_path, monkeypatch
):
    for _ in range(4):
        grow(moot.village, moot.node, 200)
    monkeypatch.setattr(copying, "STEP", 300)
    node = exporting_to(tmp_path)
    size = grow(moot.village, node, 8)

    moot.village.work(node)

    assert readable(node, reader(tmp_path)) == size
    assert len(asked(node)) > 1


def test_the_command_publishes_at_once_and_says_how_much(moot, tmp_path):
    size = grow(moot.village, moot.node, 20)

    said = typed(moot, "ledger", "publish", str(tmp_path / "out"))
    whole = readable(moot.node, reader(tmp_path / "out"))
    (tmp_path / "out" / "checkpoint").write_text("theirs")
    refused = typed(moot, "ledger", "publish", str(tmp_path / "out"))
    structlog.reset_defaults()

    assert (said.exit_code, said.stdout) == (0, "")
    assert said.stderr == f"{size} entries are published in {tmp_path / 'out'}.\n"
    assert whole == size
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: What is there")


# A bucket: moto's server stands for everything that speaks like S3.


@pytest.fixture(scope="module")
def store():
    with hosts.store() as found:
        yield found


@pytest.fixture
def bucket(store, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "anybody")
    with hosts.bucket(store) as client:
        yield client


def there(store, name="audit"):
    return f"s3://{name}/some/ledger?endpoint={store}&region=us-east-1"


def kept(bucket):
    found = bucket.list_objects_v2(Bucket="audit").get("Contents", [])
    return {one["Key"].removeprefix("some/ledger/") for one in found}


@pytest.mark.network
def test_a_bucket_holds_what_a_folder_does_with_types_and_caching(
    grown, bucket, store, tmp_path
):
    size = log.publish_to(grown.node, there(store))
    log.publish_to(grown.node, str(tmp_path))

    assert kept(bucket) == set(files(tmp_path))
    for path, data in files(tmp_path).items():
        found = bucket.get_object(Bucket="audit", Key=f"some/ledger/{path}")
        assert found["Body"].read() == data
        told = (found["ContentType"], found["CacheControl"])
        assert told == (CHECKPOINT if path == "checkpoint" else TILE)
    assert readable(grown.node, exporting.target(there(store)).get) == size


TILE = ("application/octet-stream", "public, max-age=31536000, immutable")
CHECKPOINT = ("text/plain; charset=utf-8", "public, max-age=5")


@pytest.mark.network
@pytest.mark.usefixtures("bucket")
def test_wherever_writing_is_cut_off_the_bucket_can_be_read(moot, store):
    cut_off_everywhere(moot, exporting.target(there(store)))


@pytest.mark.network
@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_named_by_its_code(grown, store):
    with pytest.raises(ExportFailed, match="NoSuchBucket"):
        log.publish_to(grown.node, there(store, "nobody"))


@pytest.mark.network
@pytest.mark.usefixtures("bucket")
def test_a_store_that_does_not_answer_is_named_without_its_address(grown):
    with pytest.raises(ExportFailed, match="EndpointConnectionError") as failed:
        log.publish_to(grown.node, there("http://127.0.0.1:9"))

    assert "127.0.0.1" not in str(failed.value)


@pytest.mark.parametrize(
    "where", ["s3://", "s3://key:word@bucket", "s3://bucket?password=x", "s3://b?x",
              "s3://[bucket"],
)  # fmt: skip
def test_an_address_that_is_no_bucket_is_refused(grown, where):
    with pytest.raises(BadSetting):
        log.publish_to(grown.node, where)


@pytest.mark.parametrize(
    "where", ["https://example.org/x", "ftp://example.org", "S3://audit"]
)
def test_an_address_that_nothing_is_published_at_makes_no_folder(
    grown, where, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(BadSetting, match="name a folder, or s3://"):
        log.publish_to(grown.node, where)

    assert not [*tmp_path.iterdir()]


def test_nothing_is_written_while_a_transaction_is_open(grown, tmp_path):
    with grown.node.read(), pytest.raises(RuntimeError, match="network"):
        list(copying.steps(grown.node, Folder(tmp_path)))
    assert files(tmp_path) == {}
