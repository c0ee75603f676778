"""The door of the imitated API: keys, overloads, which operation, and how answers are written."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from presend_sandbox.mailchimp import batches, campaigns, lists, other_operations, segment_operations
from presend_sandbox.mailchimp.call import Call, Operation, Reply, select
from presend_sandbox.mailchimp.problem import Problem, not_found
from presend_sandbox.mailchimp.sending import let_time_pass
from presend_sandbox.mailchimp.state import OVERLOAD, Account

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class Api:
    """The operations of one account, carried out for web requests and for batches alike."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.operations: Sequence[Operation] = (
            *other_operations.OPERATIONS,
            *campaigns.OPERATIONS,
            *lists.OPERATIONS,
            *segment_operations.OPERATIONS,
            *batches.operations(self.perform),
        )
        self.routes: list[BaseRoute] = [
            Route("/3.0/batches/{batch_id}/result", self._batch_result, methods=["GET"]),
            Route("/3.0", self._answer, methods=_METHODS),
            Route("/3.0/{rest:path}", self._answer, methods=_METHODS),
        ]

    def perform(self, call: Call, method: str, path: str) -> Reply:
        """Carry out one call; a refusal is a Reply with a problem document."""
        try:
            let_time_pass(self._account)
            operation, parameters = self._find(method, path)
            reply = operation.handler(replace(call, path=parameters))
        except Problem as problem:
            return Reply(problem.status, problem.document(f"sandbox-{self._account.next_number()}"))
        return Reply(reply.status, select(reply.body, call.query))

    def _find(self, method: str, path: str) -> tuple[Operation, dict[str, str]]:
        parts = path.strip("/").split("/")
        others = False
        for operation in self.operations:
            parameters = operation.match(parts)
            if parameters is not None and operation.method == method:
                return operation, parameters
            others = others or parameters is not None
        if others:
            raise Problem(405, "The requested method and resource are not compatible.")
        raise not_found()

    async def _answer(self, request: Request) -> Response:
        path = "/" + request.path_params.get("rest", "")
        overloaded = self._overload(request)
        if overloaded is not None:
            return overloaded
        origin = f"{request.url.scheme}://{request.url.netloc}"
        call = Call(self._account, {}, dict(request.query_params), await request.body(), origin)
        if not self._admitted(request.headers.get("authorization", "")):
            detail = "Your API key may be invalid, or you've attempted to access the wrong datacenter."
            return written(Reply(401, Problem(401, detail).document("sandbox")))
        return written(self.perform(call, request.method, path))

    def _admitted(self, authorization: str) -> bool:
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() == "bearer":
            return secret == self._account.key
        try:
            decoded = base64.b64decode(secret, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        return scheme.lower() == "basic" and decoded.partition(":")[2] == self._account.key

    def _overload(self, request: Request) -> Response | None:
        struck = [
            each
            for each in self._account.overloads
            if each.strikes(request.method, request.url.path, request.url.query)
        ]
        if not struck:
            return None
        if self._account.switch(OVERLOAD) == "bare403":
            return Response(b"", 403)
        detail = "You have exceeded the limit of 10 simultaneous connections."
        return written(Reply(429, Problem(429, detail).document("sandbox")))

    async def _batch_result(self, request: Request) -> Response:
        batch = self._account.batches.get(request.path_params["batch_id"])
        if batch is None or request.query_params.get("signature") != "sandbox":
            return written(Reply(404, not_found().document("sandbox")))
        return Response(batches.archive(batch), media_type="application/gzip")


def written(reply: Reply) -> Response:
    """A reply as an HTTP response; problems and answers differ in their content type."""
    if reply.body is None:
        return Response(status_code=reply.status)
    media = "application/problem+json" if reply.status >= 400 else "application/json"
    content = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, reply.status, headers={"content-type": f"{media}; charset=utf-8"})
