"""Static hosts on this machine: a plain server over a folder, and a bucket."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

NAME = "audit"


class _Quiet(SimpleHTTPRequestHandler):
    """What `python -m http.server` serves, and nothing written about it."""

    def log_message(self, *_args: object) -> None:
        """Write nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as it is; yield where."""
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def store() -> Iterator[str]:
    """Run moto's server, which stands for all that speaks like S3; yield where."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@contextmanager
def bucket(endpoint: str) -> Iterator[Any]:
    """Make the bucket, readable for everybody; yield its owner's client."""
    client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
    client.create_bucket(Bucket=NAME)
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    rule = {"Statement": [{**everybody, "Resource": f"arn:aws:s3:::{NAME}/*"}]}
    client.put_bucket_policy(Bucket=NAME, Policy=json.dumps(rule))
    yield client
    for found in client.list_objects_v2(Bucket=NAME).get("Contents", []):
        client.delete_object(Bucket=NAME, Key=found["Key"])
    client.delete_bucket(Bucket=NAME)
    client.close()
