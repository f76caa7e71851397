"""The stage: daemon, Stripe double, catchers and clock, and what can be told to them."""

import asyncio
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
from starlette.applications import Starlette

from autoc.app import Daemon, Secrets, build_daemon
from autoc.catalogue.lookup import nearest_name
from autoc.development.catching import LoopbackWebhooks, MailCatcher, build_receiver
from autoc.double.account import Account
from autoc.double.app import create_app
from autoc.double.deliveries import Deliveries, Endpoint
from autoc.double.errors import StripeError
from autoc.double.invoices import pay
from autoc.double.passing import next_due, pass_time
from autoc.double.scenarios import SCENARIOS
from autoc.plan.model import Plan
from autoc.project.loading import Project
from autoc.project.settings import Setting
from autoc.runtime.applying import Consequences
from autoc.runtime.clock import SystemClock
from autoc.runtime.virtual_clock import VirtualClock
from autoc.runtime.effects import Record
from autoc.server.routes import WEBHOOK_PATH
from autoc.server.running import serve
from autoc.server.serving import build_server, open_socket
from autoc.stores.sqlite.store import open_store
from autoc.values.duration import Duration, parse_duration
from autoc.values.localtime import add_duration, to_local

QUIET_ROUNDS = 3
TURNS = 12
"""How often others get their turn before it is asked whether anything is going on."""
HOST = "127.0.0.1"


@attrs.define(kw_only=True)
class Stage:
    """Everything that `autoc dev` runs. Made by `open_stage`."""

    clock: VirtualClock
    account: Account
    deliveries: Deliveries
    daemon: Daemon
    mails: MailCatcher
    plan: Plan
    tell: Callable[[str], None]
    stop: asyncio.Event
    tasks: list[asyncio.Task[Any]] = attrs.field(factory=list)
    folder: tempfile.TemporaryDirectory[str]

    async def command(self, line: str) -> str | None:
        """Do what `line` says; what is wrong with it in words, or None."""
        words = line.split()
        match words:
            case []:
                return None
            case ["advance", *rest] if rest:
                return await self._advance(" ".join(rest))
            case ["feed", name]:
                return await self.feed(name)
            case ["pay", invoice]:
                return await self._pay(invoice)
            case ["quit" | "exit"]:
                self.stop.set()
                return None
            case ["help"]:
                self.tell(f"advance DURATION, feed STORY, pay INVOICE, quit; stories: {_stories()}")
                return None
            case _:
                guess = nearest_name(words[0], ("advance", "feed", "pay", "quit", "help"))
                hint = f"; did you mean `{guess}`?" if guess else ""
                return f"`{line}` is no command of `autoc dev`{hint}"

    async def feed(self, name: str) -> str | None:
        """Let a story begin."""
        scenario = SCENARIOS.get(name)
        if scenario is None:
            return f"there is no story `{name}`; the stories are {_stories()}"
        self.tell(f"story: {(scenario.__doc__ or name).strip().splitlines()[0]}")
        scenario(self.account)
        await self.settle()
        return None

    async def _advance(self, text: str) -> str | None:
        duration = parse_duration(text)
        if not isinstance(duration, Duration):
            return duration.message
        now = self.clock.now()
        rules = next(iter(self.plan.automations), None)
        if rules is None:
            return "the project has no automations"
        target = add_duration(now, duration, timezone=rules.timezone, calendar=rules.calendar)
        await self.advance_to(target)
        self.tell("now")
        return None

    async def advance_to(self, target: int) -> None:
        """Move the clock on, stopping wherever something is due, and let it happen."""
        while True:
            wakes = [
                each
                for each in (self.clock.next_wake(), next_due(self.account))
                if each is not None
            ]
            following = min(wakes, default=None)
            if following is None or following > target:
                break
            await self.clock.advance_to(max(self.clock.now(), -int(-following // 1)))
            pass_time(self.account)
            await self.settle()
        await self.clock.advance_to(target)
        await self.settle()

    async def _pay(self, invoice: str) -> str | None:
        try:
            found = self.account.get("invoice", invoice)
            pay(self.account, found, {"paid_out_of_band": "true"})
        except StripeError as error:
            return str(error)
        self.tell(f"story: {invoice} is paid")
        await self.settle()
        return None

    async def settle(self) -> None:
        """Wait until nothing is going on at this moment of the clock."""
        quiet = 0
        while quiet < QUIET_ROUNDS:
            for _ in range(TURNS):
                await asyncio.sleep(0)
            if self.deliveries.is_idle and self.daemon.engine.is_idle:
                quiet += 1
            else:
                quiet = 0
                await asyncio.sleep(0.001)

    async def close(self) -> None:
        """Stop everything."""
        await self.daemon.stop(drain_seconds=2.0)
        self.mails.stop()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.folder.cleanup()


def _stories() -> str:
    return ", ".join(SCENARIOS)


async def open_stage(plan: Plan, project: Project, tell: Callable[[str, str], None]) -> Stage:
    """Start everything on loopback. `tell` gets the local time and a line."""
    clock = VirtualClock(SystemClock().now())

    def say(line: str) -> None:
        tell(to_local(clock.now(), plan.timezone).strftime("%Y-%m-%d %H:%M"), line)

    account = Account(clock.now)
    tasks: list[asyncio.Task[Any]] = []
    double = create_app(
        account,
        told=lambda method, path, status: say(f"Stripe: {method} {path} -> {status}"),
    )
    double_port = _serve_app(double, tasks)
    receiver_port = _serve_app(build_receiver(say), tasks)
    mails = MailCatcher(say)
    own = _secrets()
    folder = tempfile.TemporaryDirectory(prefix="autoc-dev-")
    settings = _settings(project, double_port=double_port, mail_port=mails.start())
    daemon = build_daemon(
        plan,
        attrs.evolve(project, settings=settings),
        secrets=own,
        store=open_store(Path(folder.name) / "dev.db", for_daemon=True, synchronous="normal"),
        clock=clock,
    )
    daemon.connectors["webhook"] = LoopbackWebhooks(
        connector=daemon.connectors["webhook"], base=f"http://{HOST}:{receiver_port}"
    )
    daemon.engine.observers.append(lambda followed: _tell_records(followed, say))
    await daemon.start(catching_up=False)
    listening = open_socket(HOST, 0)
    address = f"http://{HOST}:{listening.getsockname()[1]}"
    stop = asyncio.Event()
    tasks.append(asyncio.create_task(serve(daemon, listening, asyncio.Event())))
    endpoint = Endpoint(url=address + WEBHOOK_PATH, secret=own.webhook_secrets[0])
    deliveries = Deliveries(endpoint=endpoint, now=clock.now)
    account.listeners.append(deliveries.deliver)
    return Stage(
        clock=clock,
        account=account,
        deliveries=deliveries,
        daemon=daemon,
        mails=mails,
        plan=plan,
        tell=say,
        stop=stop,
        tasks=tasks,
        folder=folder,
    )


def _secrets() -> Secrets:
    return Secrets(
        api_key="sk_test_double",
        webhook_secrets=(f"whsec_{secrets.token_hex(16)}",),
        smtp_password=None,
        webhook_secret=secrets.token_hex(16),
    )


def _settings(project: Project, *, double_port: int, mail_port: int) -> Any:
    """The project's settings, with everything outside moved to loopback."""
    moved = {
        "stripe.api_base": f"http://{HOST}:{double_port}",
        "stripe.live": False,
        "smtp.host": HOST,
        "smtp.port": mail_port,
        "smtp.security": "none",
        "smtp.username": None,
        "smtp.password": None,
        "webhook.secret": "env:AUTOC_DEV",
        "webhook.allow_private": ("127.0.0.0/8",),
    }
    values = dict(project.settings.values)
    for name, value in moved.items():
        values[name] = Setting(key=values[name].key, value=value, origin="autoc dev")
    return attrs.evolve(project.settings, values=values)


def _serve_app(app: Starlette, tasks: list[asyncio.Task[Any]]) -> int:
    listening = open_socket(HOST, 0)
    tasks.append(asyncio.create_task(build_server(app).serve(sockets=[listening])))
    port: int = listening.getsockname()[1]
    return port


TOLD: dict[str, Callable[[Record], str]] = {
    "selected": lambda r: (
        f"run {r.run} of `{r.data['automation']}` begins ({r.data['occurrence']})"
    ),
    "no_match": lambda r: f"no automation matches {r.data['occurrence']}",
    "skipped": lambda r: f"run {r.run} skips step {r.step}: {r.data['reason']}",
    "step_failed": lambda r: f"run {r.run}, step {r.step} failed: {r.data['reason']}",
    "completed": lambda r: f"run {r.run} is complete",
    "ended": lambda r: f"run {r.run} ends: {r.data['reason']}",
    "failed": lambda r: f"run {r.run} failed: {r.data['reason']}",
    "canceled": lambda r: f"run {r.run} is canceled",
}


def _tell_records(followed: Consequences, say: Callable[[str], None]) -> None:
    for record in followed.records:
        if record.kind in TOLD:
            say(TOLD[record.kind](record))
