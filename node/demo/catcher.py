"""A mailbox for everybody in the demo: it takes every mail, and shows it on a page."""

import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from node.demo.doors import Doors

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Demo mailbox</title>
<style>body{{font:1.125rem/1.5 system-ui,sans-serif;max-width:62ch;margin:2rem auto;
padding:0 1rem}}pre{{white-space:pre-wrap;overflow-wrap:anywhere}}
article{{border-top:3px solid;margin-top:2rem}}</style>
<main><h1>Demo mailbox</h1><p>Every mail the demo sends ends here.</p>
<h2>Sign in as</h2>{doors}<h2>Mails, newest first</h2>{mails}</main>"""


class Catcher:
    """Takes mail on one port and shows it on another."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.arrived = threading.Condition()
        self.doors: Doors | None = None
        self._smtp: Controller | None = None
        self._pages: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Take mail from now on."""
        smtp = Controller(self, hostname="127.0.0.1", port=self.port)
        smtp.start()
        self._smtp = smtp

    def show(self, port: int) -> None:
        """Show what came in on a page."""
        catcher = self

        class Handler(BaseHTTPRequestHandler):
            """The mailbox's two addresses."""

            def do_GET(self) -> None:
                who = self.path.removeprefix("/as/")
                door = catcher.doors.open(who) if catcher.doors else None
                if self.path.startswith("/as/") and door:
                    self.send_response(302)
                    self.send_header("Location", door)
                    self.end_headers()
                    return
                body = catcher.page().encode()
                self.send_response(200 if self.path == "/" else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._pages = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._pages.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Take no more mail."""
        if self._smtp is not None:
            self._smtp.stop()
        if self._pages is not None:
            self._pages.shutdown()
            self._pages.server_close()

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: object, _session: object, envelope: Any
    ) -> str:
        """Keep a message once, however often it comes."""
        message = message_from_bytes(envelope.content, policy=default)
        with self.arrived:
            if message["Message-ID"] not in {one["Message-ID"] for one in self.mails}:
                self.mails.append(message)
            self.arrived.notify_all()
        return "250 kept"

    def wait(self, to: str, subject: str, seconds: float = 20) -> EmailMessage | None:
        """Return the newest mail to somebody about something, once there is one."""

        def found() -> EmailMessage | None:
            fitting = (
                one
                for one in reversed(self.mails)
                if to in one["To"] and subject in one["Subject"]
            )
            return next(fitting, None)

        with self.arrived:
            self.arrived.wait_for(found, seconds)
            return found()

    def page(self) -> str:
        """Return the mailbox as a page."""
        names = self.doors.names if self.doors else {}
        doors = "".join(_entrance(*it) for it in names.items())
        with self.arrived:
            mails = [_shown(one) for one in reversed(self.mails)]
        return _PAGE.format(doors=doors, mails="".join(mails) or "<p>None yet.")


def _entrance(community: str, people: dict[str, str]) -> str:
    rows = (
        f'<li><a href="/as/{name}">{escape(said)}</a></li>'
        for name, said in people.items()
    )
    return f"<h3>{escape(community)}</h3><ul>{''.join(rows)}</ul>"


def _shown(message: EmailMessage) -> str:
    body = escape(message.get_content())
    for line in message.get_content().splitlines():
        if line.startswith("http"):
            link = escape(line)
            body = body.replace(link, f'<a href="{link}">{link}</a>')
    to, subject = escape(message["To"]), escape(message["Subject"])
    return f"<article><h3>{subject}</h3><p>To {to}</p><pre>{body}</pre></article>"
