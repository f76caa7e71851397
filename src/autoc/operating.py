"""What operators ask of a daemon while it runs: pauses, cancellations, retries, other rules.

Commands lie in the store; the daemon looks for them several times a second, carries each out and
takes it away. Without a daemon, `autoc` carries them out itself, the same way.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import attrs
import structlog

from autoc.plan.model import Plan
from autoc.runtime.engine import Engine
from autoc.runtime.ports import Command, RunFilter
from autoc.runtime.rules import open_book
from autoc.values.rates import RateTable

PAUSED_PREFIX = "paused:"

log = structlog.get_logger("autoc")


@attrs.frozen(kw_only=True)
class Reloaded:
    """Rules that were read anew and have no errors."""

    plan: Plan
    rates: RateTable | None


Reload = Callable[[], Reloaded | str]


@attrs.define(kw_only=True)
class Operators:
    """Carries out commands. `reload` reads the rules anew; it answers with words when it cannot."""

    engine: Engine
    plan: Plan
    rates: RateTable | None
    reload: Reload | None = None
    _reloading: set[asyncio.Task[None]] = attrs.field(factory=set)

    async def run(self, seconds: float) -> None:
        """Look for commands every `seconds`, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(seconds)

    async def look(self) -> None:
        """Carry out what waits."""
        for command in await self.engine.writer.ask(lambda store: store.commands()):
            await self._carry_out(command)
            number = command.number
            await self.engine.writer.change(lambda tx, number=number: tx.remove_command(number))  # type: ignore[misc]

    async def _carry_out(self, command: Command) -> None:
        data = command.data
        log.info("operator's command", kind=command.kind, **{k: str(v) for k, v in data.items()})
        match command.kind:
            case "pause":
                await self._pause(data)
            case "resume":
                await self._set_paused(str(data["automation"]), paused=False)
            case "cancel":
                await self.engine.cancel_run(str(data["run"]), reason="an operator canceled it")
            case "retry":
                step = data.get("step")
                await self.engine.retry_step(str(data["run"]), step if step is None else int(step))
            case _:
                log.warning("unknown command", kind=command.kind)

    async def _pause(self, data: Mapping[str, Any]) -> None:
        name = str(data["automation"])
        await self._set_paused(name, paused=True)
        if not data.get("cancel"):
            return
        wanted = RunFilter(status="active", automation=name)
        for _, run in await self.engine.writer.ask(lambda store: store.runs(wanted)):
            await self.engine.cancel_run(run.id, reason="its automation was paused")

    async def _set_paused(self, name: str, *, paused: bool) -> None:
        value = "1" if paused else None
        await self.engine.writer.change(lambda tx: tx.put_setting(PAUSED_PREFIX + name, value))
        await self._use_rules()

    async def _use_rules(self) -> None:
        paused = await self.engine.writer.ask(lambda store: store.paused())
        self.engine.use_book(open_book(self.plan, rates=self.rates, paused=paused))

    def reload_rules(self) -> None:
        """Read the rules anew, and use them if they compile; otherwise the old ones stay."""
        task = asyncio.get_running_loop().create_task(self._reload())
        self._reloading.add(task)
        task.add_done_callback(self._reloading.discard)

    async def _reload(self) -> None:
        if self.reload is None:
            return
        found = await asyncio.to_thread(self.reload)
        if isinstance(found, str):
            log.error("the rules were not reloaded, the old ones stay", reason=found)
            return
        self.plan, self.rates = found.plan, found.rates
        await self._use_rules()
        log.info("rules reloaded", automations=len(self.plan.automations))
