"""The one writer: many changes in one transaction, each told after the commit that holds it.

Jobs are functions of a transaction. They wait in a queue; one thread takes all that wait, up to a
number, runs them in one transaction, and answers each when that is committed (group commit). When a
job raises, the transaction is rolled back, and every job of the batch runs again in a transaction
of its own, so that one bad job never harms another.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from autoc.runtime.ports import Store, Transaction

BATCH_MAX = 512
Result = TypeVar("Result")


@attrs.frozen(kw_only=True)
class _Job:
    body: Callable[[Transaction], Any]
    answer: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


@attrs.frozen(kw_only=True)
class _Query:
    """A reading: it runs between transactions, in the same thread, so that it sees every commit."""

    body: Callable[[Store], Any]
    answer: "asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop


class Writer:
    """Runs jobs and queries on `store`, in the order in which they were given."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: queue.SimpleQueue[_Job | _Query | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="autoc-writer", daemon=True)
        self.commits = 0

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def change(self, body: Callable[[Transaction], Result]) -> Result:
        """Run `body` in a transaction; returns when that is durable. Raises what `body` raises."""
        loop = asyncio.get_running_loop()
        job = _Job(body=body, answer=loop.create_future(), loop=loop)
        self._waiting.put(job)
        result: Result = await job.answer
        return result

    async def ask(self, body: Callable[[Store], Result]) -> Result:
        """Run `body` on the store, outside a transaction."""
        loop = asyncio.get_running_loop()
        query = _Query(body=body, answer=loop.create_future(), loop=loop)
        self._waiting.put(query)
        result: Result = await query.answer
        return result

    async def stop(self) -> None:
        """Finish what waits, and end the thread."""
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while True:
            first = self._waiting.get()
            if first is None:
                return
            if isinstance(first, _Query):
                self._answer_query(first)
                continue
            jobs, after = self._gather(first)
            self._commit(jobs)
            if isinstance(after, _Query):
                self._answer_query(after)
            elif after is not None:
                return

    def _gather(self, first: _Job) -> tuple[list[_Job], _Query | bool | None]:
        """All jobs that wait now, and what ended them: a query, the end (True), or nothing."""
        jobs = [first]
        while len(jobs) < BATCH_MAX:
            try:
                following = self._waiting.get_nowait()
            except queue.Empty:
                return jobs, None
            if following is None:
                return jobs, True
            if isinstance(following, _Query):
                return jobs, following
            jobs.append(following)
        return jobs, None

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self._store.transaction() as transaction:
                results = [job.body(transaction) for job in jobs]
        except Exception as error:  # told to whoever gave the job
            if len(jobs) == 1:
                _tell(jobs[0], error=error)
                return
            for job in jobs:
                self._commit([job])
            return
        self.commits += 1
        for job, result in zip(jobs, results, strict=True):
            _tell(job, result=result)

    def _answer_query(self, query: _Query) -> None:
        try:
            result = query.body(self._store)
        except Exception as error:  # told to whoever asked
            _tell(query, error=error)
        else:
            _tell(query, result=result)


def _tell(job: _Job | _Query, *, result: Any = None, error: Exception | None = None) -> None:
    def settle() -> None:
        if job.answer.done():
            return
        if error is not None:
            job.answer.set_exception(error)
        else:
            job.answer.set_result(result)

    if not job.loop.is_closed():
        job.loop.call_soon_threadsafe(settle)
