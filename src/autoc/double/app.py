"""The double's HTTP door: Stripe's API, and `/_double` to make it misbehave."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from autoc.double.account import API_VERSION, Account, Json
from autoc.double.api import answer
from autoc.double.errors import StripeError, invalid
from autoc.double.faults import Fault, Faults
from autoc.double.forms import decode_form
from autoc.double.idempotency import Keys, Stored

KEY_LENGTH_MAX = 255
Told = Callable[[str, str, int], None]


class _ConnectionCut(Exception):  # noqa: N818 - it names what is done
    """Raised to end a connection without an answer."""


def create_app(
    account: Account,
    *,
    api_key: str | None = None,
    faults: Faults | None = None,
    told: Told | None = None,
) -> Starlette:
    """The ASGI application. `api_key` is the one that is accepted, any when None; `told` hears the
    method, path and status of each call that changes something."""
    state = _Door(account=account, api_key=api_key, faults=faults or Faults(), told=told)
    return Starlette(
        routes=[
            Route("/_double/faults", state.add_fault, methods=["POST"]),
            Route("/{path:path}", state.serve, methods=["GET", "POST", "DELETE"]),
        ]
    )


class _Door:
    def __init__(
        self, *, account: Account, api_key: str | None, faults: Faults, told: Told | None
    ) -> None:
        self._account = account
        self._api_key = api_key
        self._faults = faults
        self._told = told
        self._keys = Keys()
        self._requests = 0

    async def add_fault(self, request: Request) -> Response:
        try:
            fault = self._faults.add(json.loads(await request.body()))
        except (ValueError, TypeError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse({"kind": fault.kind, "times": fault.times})

    async def serve(self, request: Request) -> Response:
        self._requests += 1
        body = (await request.body()).decode("utf-8", "replace")
        fault = self._faults.take(request.method, request.url.path)
        if fault is not None and fault.kind != "cut_after":
            return await self._misbehave(fault)
        response = self._respond(request, body)
        if fault is not None:
            raise _ConnectionCut
        return response

    async def _misbehave(self, fault: Fault) -> Response:
        match fault.kind:
            case "hang":
                await asyncio.sleep(fault.seconds)
                raise _ConnectionCut
            case "cut_before":
                raise _ConnectionCut
            case "429":
                error = StripeError(
                    429, "invalid_request_error", "Too many requests.", code="rate_limit"
                )
                headers = {"stripe-rate-limited-reason": "endpoint-rate"}
                if fault.retry_after is not None:
                    headers["retry-after"] = str(fault.retry_after)
                return self._answer(429, error.body, headers)
            case "409":
                error = StripeError(409, "invalid_request_error", "Conflict.", code="lock_timeout")
                return self._answer(409, error.body)
            case "401":
                return self._answer(401, _wrong_key().body)
            case _:
                return self._answer(500, StripeError(500, "api_error", "An error occurred.").body)

    def _respond(self, request: Request, body: str) -> Response:
        try:
            self._check_key(request)
            return self._respond_once(request, body)
        except StripeError as error:
            return self._answer(error.status, error.body)

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not given or (self._api_key is not None and given != self._api_key):
            raise _wrong_key()

    def _respond_once(self, request: Request, body: str) -> Response:
        method, path = request.method, request.url.path
        fields = decode_form(body if method == "POST" else str(request.url.query) or body)
        key = request.headers.get("idempotency-key") if method != "GET" else None
        if key is None:
            status, document = self._run(method, path, fields)
            return self._answer(status, document)
        if len(key) > KEY_LENGTH_MAX:
            raise invalid("Idempotency keys can be at most 255 characters long.")
        stored = self._keys.find(key, (method, path, body), self._account.now())
        if stored is not None:
            headers = {"idempotent-replayed": "true", "original-request": "req_double"}
            return self._answer(stored.status, stored.body, headers)
        self._keys.begin(key)
        status, document = self._run(method, path, fields)
        kept = Stored(
            request=(method, path, body), status=status, body=document, at=self._account.now()
        )
        self._keys.end(key, kept if status not in (404, 429) else None)
        return self._answer(status, document)

    def _run(self, method: str, path: str, fields: Json) -> tuple[int, Json]:
        try:
            result = answer(self._account, method, path, fields)
        except StripeError as error:
            status, document = error.status, error.body
        else:
            status, document = 200, result
        if self._told is not None and method != "GET":
            self._told(method, path, status)
        return status, document

    def _answer(
        self, status: int, document: dict[str, Any], headers: dict[str, str] | None = None
    ) -> Response:
        return JSONResponse(
            document,
            status_code=status,
            headers={
                "request-id": f"req_double{self._requests:06}",
                "stripe-version": API_VERSION,
                **(headers or {}),
            },
        )


def _wrong_key() -> StripeError:
    return StripeError(401, "invalid_request_error", "Invalid API Key provided.")
