"""Other nodes on loopback: `python -m tests.bench.far FIRST LIVE SILENT FOLDER`.

Each origin is a port of its own, after the first. A live one serves its actor from the
folder and takes all that is posted; a silent one lets connect and says nothing. With a
certificate in the folder they speak TLS. The first port answers once all are there.
"""

import asyncio
import signal
import socket
import ssl
import sys
from functools import partial
from pathlib import Path

HOST = "127.0.0.1"
PEM = "far.pem"
_JSON = "application/activity+json"


async def _talk(
    actor: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            if head.startswith(b"POST"):
                await reader.readexactly(_length(head))
                _say(writer, "202 Accepted", b"")
            else:
                _say(writer, "200 OK", actor)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass  # whoever asked has left
    finally:
        writer.close()


def _length(head: bytes) -> int:
    fields = dict(
        line.lower().split(b": ", 1) for line in head.split(b"\r\n") if b": " in line
    )
    return int(fields[b"content-length"])


def _say(writer: asyncio.StreamWriter, status: str, body: bytes) -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {_JSON}\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def _silent(port: int) -> socket.socket:
    listening = socket.create_server((HOST, port))
    listening.listen(128)
    return listening


async def _serve(first: int, live: int, silent: int, folder: Path) -> None:
    context = None
    if (folder / PEM).exists():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / PEM)
    held = [_silent(first + live + 1 + number) for number in range(silent)]
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    for port in range(first + 1, first + 1 + live):
        document = folder / f"{port}.json"
        talk = partial(_talk, document.read_bytes() if document.exists() else b"{}")
        await asyncio.start_server(talk, HOST, port, ssl=context, backlog=128)
    await asyncio.start_server(partial(_talk, b"{}"), HOST, first)
    await over.wait()
    for one in held:
        one.close()


if __name__ == "__main__":
    *numbers, place = sys.argv[1:]
    asyncio.run(_serve(*map(int, numbers), Path(place)))
