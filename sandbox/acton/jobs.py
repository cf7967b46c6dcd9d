"""Uploads that are accepted now and done later: pending, running, done."""

from __future__ import annotations

from typing import Any

from sandbox.acton.account import Account, Job


def started(account: Account, details: dict[str, Any]) -> dict[str, Any]:
    """Begin a job and tell its id."""
    job = Job(f"j{len(account.jobs) + 1}", account.clock.now(), details)
    account.jobs[job.id] = job
    return {"status": "success", "message": "Upload completed", "jobId": job.id}


def stage(account: Account, job: Job) -> str:
    """pending, running or done, each for as long as the option says."""
    passed, each = account.clock.now() - job.started, account.options.job_seconds
    return "pending" if passed < each else "running" if passed < 2 * each else "done"
