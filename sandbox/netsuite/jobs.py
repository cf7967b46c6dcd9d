"""Prefer: respond-async: the work is done as a job whose answer is fetched later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from .account import Clock, iso
from .answers import json_response, refusal_response
from .refusal import Refusal, nonexistent

IDEMPOTENCY = "x-netsuite-idempotency-key"
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Job:
    """One submitted request: what it will answer, and when that may be seen."""

    started: float
    ends: float
    answer: Response


class Jobs:
    """The asynchronous requests of one account, numbered from 1."""

    def __init__(self, clock: Clock, seconds: Callable[[], float]) -> None:
        self.clock = clock
        self.seconds = seconds
        self.jobs: dict[str, Job] = {}
        self.keys: dict[str, str] = {}

    async def submit(self, request: Request, handler: Handler, base: str) -> Response:
        """202 with the job's address; the key counts here, and nowhere else."""
        key = request.headers.get(IDEMPOTENCY, "")
        if key in self.keys:
            text = "A request with the same idempotency key is already submitted."
            headers = {"location": f"{base}/job/{self.keys[key]}"}
            raise Refusal(400, "IDEMPOTENCY_ERROR", text, headers=headers, title="Conflict")
        number = str(len(self.jobs) + 1)
        if key:
            self.keys[key] = number
        try:
            answer = await handler(request)
        except Refusal as refusal:
            answer = refusal_response(refusal)
        now = self.clock.now()
        self.jobs[number] = Job(now, now + self.seconds(), answer)
        headers = {"location": f"{base}/job/{number}", "preference-applied": "respond-async"}
        return Response(status_code=202, headers=headers)

    def show(self, number: str, parts: list[str], base: str) -> Response:
        """/job/1, /job/1/task, /job/1/task/1, /job/1/task/1/result."""
        job = self.jobs.get(number)
        if job is None or parts not in ([], ["task"], ["task", "1"], ["task", "1", "result"]):
            raise nonexistent()
        if parts[2:]:
            if self.clock.now() < job.ends:
                raise nonexistent()
            return job.answer
        shown = self._task(job, f"{base}/job/{number}/task/1")
        if parts == ["task"]:
            listed = {"links": [], "items": [shown], "count": 1, "offset": 0, "hasMore": False, "totalResults": 1}
            return json_response(listed)
        return json_response(shown if parts else {**shown, "id": number})

    def _task(self, job: Job, href: str) -> dict[str, Any]:
        done = self.clock.now() >= job.ends
        failed = job.answer.status_code >= 400
        progress = ("failed" if failed else "succeeded") if done else "processing"
        links = [{"rel": "self", "href": href}, {"rel": "result", "href": f"{href}/result"}]
        times = {"startTime": iso(job.started), **({"endTime": iso(job.ends)} if done else {})}
        return {"links": links, "id": "1", "completed": done, "progress": progress, **times}
