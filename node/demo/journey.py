"""The journey: a claim goes in, an advocate answers, receipts come out and hold.

Each step is timed, and says what it saw. A step that fails ends the journey.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urlsplit
from uuid import uuid4

from node.demo import bench, said
from node.demo.browser import Answer, Browser, PageWrong
from node.demo.cast import Story
from node.demo.catcher import Catcher

_OK, _CREATED, _LATER = 200, 201, 202
_PATIENCE = 20


@dataclass(slots=True)
class Journey:
    """What was done, and what it left in the travellers' hands."""

    home: str
    catcher: Catcher
    steps: list[dict[str, object]] = field(default_factory=list)
    #: Reference and token of every case that was told.
    cases: dict[str, str] = field(default_factory=dict)
    issued: int = 0
    verified: int = 0
    told: str = ""
    dana: Browser = field(default_factory=lambda: Browser(""))

    @property
    def ok(self) -> bool:
        """Whether every step so far held."""
        return all(step["ok"] for step in self.steps)

    @contextmanager
    def _step(self, name: str) -> Iterator[list[str]]:
        began, seen = monotonic(), list[str]()
        ok = False
        try:
            yield seen
            ok = True
        except (PageWrong, OSError, bench.Broken) as wrong:
            seen.append(f"{type(wrong).__name__}: {wrong}")
        finally:
            self.steps.append(
                {
                    "step": name,
                    "ok": ok,
                    "seconds": round(monotonic() - began, 3),
                    "evidence": "; ".join(seen),
                }
            )

    def travel(self, stories: list[Story]) -> None:
        """Go the whole way, as far as it holds."""
        self._members_tell(stories)
        for part in (
            self._guest_tells,
            self._desk_triages,
            self._advocate_answers,
            self._guest_replies,
            self._guest_confirms,
            self._receipts_hold,
            self._forgery_fails,
        ):
            if self.ok:
                part()

    def _members_tell(self, stories: list[Story]) -> None:
        with self._step("people tell what happened, through the API") as seen:
            for story in stories:
                told = self._told(story)
                self.cases[told["case_ref"]] = told["token"]
            seen.append(f"{len(stories)} claims, each with a receipt")

    def _told(self, story: Story) -> dict[str, str]:
        body = {"text": story.text, "wanted_outcome": story.wanted, "language": "en"}
        if story.area:
            body["area"] = story.area
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        answer = Browser(self.home).post(
            "/api/v1/submissions", json.dumps(body).encode(), headers
        )
        _expect(answer, _CREATED)
        told: dict[str, str] = json.loads(answer.body)
        return told

    def _guest_tells(self) -> None:
        with self._step("a guest tells what happened, on five pages") as seen:
            guest = Browser(self.home)
            page = guest.get("/tell/1")
            page = guest.fill(
                page, "/tell/1", text=said.STORY, wanted=said.WISH, go="on"
            )
            page = guest.fill(page, "/tell/2", place="12 Elm Street", go="on")
            page = guest.fill(
                page,
                "/tell/3",
                reach="contact",
                contact=said.GUEST,
                name=said.NAME,
                go="on",
            )
            page = guest.fill(page, "/tell/4", audience="assigned", go="on")
            page = guest.fill(page, "/tell/5", go="on")
            _expect(page, _OK)
            mail = self._mail(said.GUEST, "We have it")
            self.told = mail["Subject"].rpartition(" ")[2]
            self.cases[self.told] = _link(mail).rpartition("/")[2]
            seen.append(f"case {self.told}, acknowledged on the page and by mail")

    def _mail(self, to: str, subject: str) -> EmailMessage:
        mail = self.catcher.wait(to, subject)
        if mail is None:
            raise PageWrong(f"no mail about: {subject}")
        return mail

    def _signed_in(self, name: str) -> Browser:
        browser = Browser(self.home)
        mail = f"{name}@elmstreet.example"
        page = browser.get("/sign-in")
        browser.fill(page, "/sign-in", contact=mail)
        link = _link(self._mail(mail, "Sign in"))
        page = browser.get(link)
        _expect(browser.fill(page, link.partition(self.home)[2]), _OK)
        return browser

    def _desk_triages(self) -> None:
        with self._step("a coordinator triages, without seeing who it is") as seen:
            desk = self._signed_in("iris")
            for _ in self.cases:
                page = desk.get("/desk/triage")
                if said.GUEST in page.text or said.NAME in page.text:
                    raise PageWrong("the triage page names the member")
                _expect(desk.fill(page, "/desk/triage", **said.TRIAGED), _OK)
            seen.append(f"{len(self.cases)} cases in the queue")

    def _advocate_answers(self) -> None:
        with self._step("an advocate takes cases and answers") as seen:
            desk = self.dana = self._signed_in("dana")
            for _ in self.cases:
                page = desk.fill(desk.get("/desk"), "/desk/take")
                _expect(page, _OK)
                reference = urlsplit(page.url).path.rpartition("/")[2]
                if reference == self.told:
                    desk.fill(page, "/ask", ask=said.QUESTION)
                    seen.append(f"a question in {reference}")
                else:
                    desk.fill(page, "/reply", reply=said.ANSWER)
            seen.append(f"{len(self.cases)} cases answered by a person")

    def _guest_replies(self) -> None:
        with self._step("the guest answers by the link in the mail") as seen:
            mail = self._mail(said.GUEST, "question")
            guest = Browser(self.home)
            page = guest.get(_link(mail))
            if said.QUESTION not in page.text:
                raise PageWrong("the question is not on the page")
            _expect(guest.fill(page, "/messages", write=said.REPLY), _OK)
            desk = self.dana
            page = desk.get(f"/desk/cases/{self.told}")
            _expect(desk.fill(page, "/resolve", resolve=said.DONE), _OK)
            seen.append("answered, and resolved by the advocate")

    def _guest_confirms(self) -> None:
        with self._step("the guest says it is solved") as seen:
            guest = Browser(self.home)
            page = guest.get(_link(self._mail(said.GUEST, "solved")))
            page = guest.fill(page, "/answer", answer="solved")
            _expect(page, _OK)
            state = self._case(self.told)["state"]
            if state != "closed":
                raise PageWrong(f"the case is {state}")
            seen.append("closed by the member's word")

    def _case(self, reference: str) -> dict[str, object]:
        link = {"Authorization": f"Link {self.cases[reference]}"}
        answer = Browser(self.home).get(f"/api/v1/cases/{reference}", link)
        _expect(answer, _OK)
        shown: dict[str, object] = json.loads(answer.body)
        return shown

    def _receipts_hold(self) -> None:
        with self._step("every receipt verifies, offline") as seen, bench.laid() as on:
            receipts = [
                path
                for reference in self.cases
                for path in self._receipts(on, reference)
            ]
            self.issued = len(receipts)
            policy = Browser(self.home).get("/ledger/policy")
            (on / "policy").write_bytes(policy.body)
            done = bench.verify(on, receipts)
            verdicts = json.loads(done.stdout)["receipts"]
            self.verified = sum(verdict["valid"] for verdict in verdicts)
            if self.verified != self.issued or done.returncode != 0:
                raise PageWrong(f"{self.issued - self.verified} receipts do not hold")
            seen.append(f"{self.verified} receipts, by python -m ledger verify")

    def _receipts(self, on: Path, reference: str) -> list[Path]:
        paths = []
        for seq in range(1000):
            answer = self._receipt(reference, seq)
            if answer.status != _OK:
                break
            path = on / f"{reference}-{seq}.tlog-proof"
            path.write_bytes(answer.body)
            paths.append(path)
        return paths

    def _receipt(self, reference: str, seq: int) -> Answer:
        link = {"Authorization": f"Link {self.cases[reference]}"}
        deadline = monotonic() + _PATIENCE
        while True:
            answer = Browser(self.home).get(
                f"/api/v1/cases/{reference}/receipts/{seq}", link
            )
            if answer.status != _LATER or monotonic() > deadline:
                return answer
            sleep(0.2)

    def _forgery_fails(self) -> None:
        with (
            self._step("a receipt with one changed byte fails") as seen,
            bench.laid() as it,
        ):
            path = it / "forged.tlog-proof"
            raw = bytearray(self._receipt(self.told, 0).body)
            raw[-20] ^= 1
            path.write_bytes(raw)
            policy = Browser(self.home).get("/ledger/policy")
            (it / "policy").write_bytes(policy.body)
            done = bench.verify(it, [path])
            if done.returncode != 1:
                raise PageWrong("a forged receipt was accepted")
            seen.append("refused")


def _link(mail: EmailMessage) -> str:
    text: str = mail.get_content()
    lines = text.splitlines()
    return next(line for line in lines if line.startswith("http"))


def _expect(answer: Answer, status: int) -> None:
    if answer.status != status:
        raise PageWrong(f"answered {answer.status} where {status} was due")
