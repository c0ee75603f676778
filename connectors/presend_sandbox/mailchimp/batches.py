"""Batch operations: really performed, one after the other, at once or when looked at the third time."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from presend_sandbox.mailchimp.call import Call, Operation, Reply, stamp
from presend_sandbox.mailchimp.problem import Problem, not_found
from presend_sandbox.mailchimp.shapes import links
from presend_sandbox.mailchimp.state import BATCHES, Batch

MAX_OPERATIONS = 1000
_SLOW = 3
Perform = Callable[[Call, str, str], Reply]


def operations(perform: Perform) -> tuple[Operation, ...]:
    """The operations of this file; `perform` carries out one call, given its method and its path."""

    def start(call: Call) -> Reply:
        wanted = call.body().get("operations")
        if not isinstance(wanted, list) or not wanted or len(wanted) > MAX_OPERATIONS:
            fields = {"operations": f"Between 1 and {MAX_OPERATIONS} operations"}
            raise Problem(400, "The resource submitted could not be validated.", fields)
        batch = Batch(f"batch{call.account.next_number()}", call.account.clock.now(), [], list(wanted))
        if call.account.switch(BATCHES) == "at_once":
            carry_out(call, batch)
        call.account.batches[batch.id] = batch
        return Reply(200, _shape(call, batch, "pending"))

    def status(call: Call) -> Reply:
        batch = call.account.batches.get(call.path["batch_id"])
        if batch is None:
            raise not_found()
        batch.looks += 1
        if batch.looks >= _SLOW and not batch.results:
            carry_out(call, batch)
        return Reply(200, _shape(call, batch, "finished" if batch.results else "started"))

    def carry_out(call: Call, batch: Batch) -> None:
        batch.results = [_one(perform, call, each) for each in batch.wanted]

    return (Operation("POST", "/batches", start), Operation("GET", "/batches/{batch_id}", status))


def _one(perform: Perform, call: Call, each: dict[str, Any]) -> dict[str, Any]:
    query = {name: str(value) for name, value in (each.get("params") or {}).items()}
    inner = replace(call, query=query, raw=str(each.get("body") or "").encode())
    reply = perform(inner, str(each.get("method", "GET")), str(each.get("path", "")))
    return {
        "status_code": reply.status,
        "operation_id": each.get("operation_id", ""),
        "response": "" if reply.body is None else json.dumps(reply.body),
    }


def _shape(call: Call, batch: Batch, status: str) -> dict[str, Any]:
    done = status == "finished"
    url = f"{call.origin}/3.0/batches/{batch.id}/result?{urlencode({'signature': 'sandbox'})}"
    return {
        "id": batch.id,
        "status": status,
        "total_operations": len(batch.wanted),
        "finished_operations": len(batch.results) if done else 0,
        "errored_operations": sum(each["status_code"] >= 400 for each in batch.results) if done else 0,
        "submitted_at": stamp(batch.submitted),
        "completed_at": stamp(batch.submitted) if done else "",
        "response_body_url": url if done else "",
        "_links": links(call.origin, f"/batches/{batch.id}", "/batches"),
    }


def archive(batch: Batch) -> bytes:
    """The results as the gzipped tar that `response_body_url` leads to."""
    content = json.dumps(batch.results).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        entry = tarfile.TarInfo(f"{batch.id}.json")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
