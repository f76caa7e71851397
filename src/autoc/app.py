"""The only place that wires plan, store, connectors and clock into a daemon."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from autoc.catching_up import CatchUp
from autoc.connectors.shadow import NullConnector, ShadowConnector
from autoc.connectors.smtp.connector import SmtpConnector
from autoc.connectors.smtp.message import AddressRefused
from autoc.connectors.smtp.sending import SmtpSettings
from autoc.connectors.stripe.access import StripeAccess
from autoc.connectors.stripe.connector import StripeConnector
from autoc.connectors.stripe.reading import StripeReader
from autoc.connectors.stripe.settings import StripeSettings
from autoc.connectors.webhook.addresses import read_networks
from autoc.connectors.webhook.connector import WebhookConnector, WebhookSettings
from autoc.operating import Operators, Reload
from autoc.plan.model import Email, Plan, Webhook
from autoc.project.loading import Project, load_rates
from autoc.project.settings import ProjectMistake, Settings, read_secret
from autoc.runtime.doing import Means
from autoc.runtime.engine import Engine
from autoc.runtime.machine import MachineLimits
from autoc.runtime.measures import Measures
from autoc.runtime.ports import Clock, Connector, Store
from autoc.runtime.rules import open_book
from autoc.stores.sqlite.store import SqliteStore, open_store

OPERATOR_SECONDS = 0.5
"""How often operators' commands are looked for."""


@attrs.frozen(kw_only=True)
class Secrets:
    """The secrets of a daemon, read once. None of them is ever shown."""

    api_key: str = attrs.field(repr=False)
    webhook_secrets: tuple[str, ...] = attrs.field(repr=False)
    smtp_password: str | None = attrs.field(repr=False)
    webhook_secret: str | None = attrs.field(repr=False)


def read_secrets(settings: Settings, *, environment: Mapping[str, str], root: Path) -> Secrets:
    """Every secret that the settings name. Raises `ProjectMistake` for one that is not there."""

    def read(place: str) -> str:
        return read_secret(place, environment=environment, root=root)

    if settings["stripe.api_key"] is None:
        raise ProjectMistake('the daemon needs `api_key = "env:STRIPE_API_KEY"` under `[stripe]`')
    if not settings["stripe.webhook_secrets"]:
        raise ProjectMistake(
            'the daemon needs `webhook_secrets = ["env:STRIPE_WEBHOOK_SECRET"]` under `[stripe]`'
        )
    api_key = read(settings["stripe.api_key"])
    is_live = api_key.startswith(("sk_live_", "rk_live_"))
    if is_live and not settings["stripe.live"]:
        raise ProjectMistake(
            "the key is a live one: write `live = true` under `[stripe]` to use it"
        )
    if settings["stripe.live"] and api_key.startswith(("sk_test_", "rk_test_")):
        raise ProjectMistake("`live = true` is set, and the key is a test key")
    password, signing = settings["smtp.password"], settings["webhook.secret"]
    return Secrets(
        api_key=api_key,
        webhook_secrets=tuple(read(place) for place in settings["stripe.webhook_secrets"]),
        smtp_password=read(password) if password else None,
        webhook_secret=read(signing) if signing else None,
    )


def check_runnable(plan: Plan, settings: Settings) -> None:
    """Raise `ProjectMistake` for what `check` only notes, but a daemon cannot do without."""
    actions = [(each, step.action) for each in plan.automations for step in each.steps]
    for automation, action in actions:
        if isinstance(action, Email) and not action.to:
            raise ProjectMistake(
                f"`{automation.name}` mails `{action.contact}`, and nobody is named as that: write "
                f'`contact {action.contact} = "billing@acme.example"` in a rule file'
            )
        if isinstance(action, Webhook) and settings["webhook.secret"] is None:
            raise ProjectMistake(
                f"`{automation.name}` sends webhooks: they are signed, so write "
                '`secret = "env:AUTOC_WEBHOOK_SECRET"` under `[webhook]`'
            )


def build_connectors(
    settings: Settings, secrets: Secrets, access: StripeAccess, *, shadow: bool
) -> dict[str, Connector]:
    """The connector of each kind of action. Raises `ProjectMistake` for unusable settings."""
    if shadow:
        return dict.fromkeys(("provider", "mail", "webhook"), ShadowConnector())
    try:
        mail: Connector = SmtpConnector(
            SmtpSettings(
                host=settings["smtp.host"],
                port=settings["smtp.port"],
                sender=settings["smtp.from"],
                security=settings["smtp.security"],
                username=settings["smtp.username"],
                password=secrets.smtp_password,
            )
        )
    except AddressRefused as error:
        raise ProjectMistake(f"`from` under `[smtp]`: {error}") from error
    webhook: Connector = NullConnector(reason="no `secret` is set under `[webhook]`")
    if secrets.webhook_secret is not None:
        try:
            networks = read_networks(settings["webhook.allow_private"])
            webhook = WebhookConnector(
                WebhookSettings(secret=secrets.webhook_secret, allow_private=networks)
            )
        except ValueError as error:
            raise ProjectMistake(f"`[webhook]`: {error}") from error
    return {"provider": StripeConnector(access), "mail": mail, "webhook": webhook}


@attrs.define(kw_only=True)
class Daemon:
    """A whole daemon but for its door: engine, catching up, operators. See `build_daemon`."""

    engine: Engine
    store: Store
    access: StripeAccess
    settings: Settings
    secrets: Secrets
    connectors: dict[str, Connector]
    catch_up: CatchUp
    operators: Operators
    _tasks: list[asyncio.Task[Any]] = attrs.field(factory=list)

    async def start(self, *, catching_up: bool = True) -> None:
        """Take up old work, then look for what was missed."""
        await self.engine.start()
        if catching_up:
            self._tasks.append(asyncio.create_task(self.catch_up.run()))
        self._tasks.append(asyncio.create_task(self.operators.run(OPERATOR_SECONDS)))

    async def why_unready(self) -> str | None:
        """In words, why the daemon cannot do its work; None when it can."""
        if self.access.key_rejected:
            return "Stripe does not accept the key: provider actions are held"
        return None

    async def stop(self, *, drain_seconds: float) -> None:
        """Finish what was begun, within the limit, and let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.engine.drain(seconds=drain_seconds)
        await self.access.close()
        self.store.close()


def build_daemon(  # noqa: PLR0913 - the parts that differ between `run` and `dev`
    plan: Plan,
    project: Project,
    *,
    secrets: Secrets,
    store: SqliteStore,
    clock: Clock,
    shadow: bool = False,
    since: int | None = None,
    reload: Reload | None = None,
) -> Daemon:
    """Wire a daemon. Raises `ProjectMistake` for what cannot be run."""
    settings = project.settings
    if not shadow:
        check_runnable(plan, settings)
    access = StripeAccess(
        StripeSettings(
            api_key=secrets.api_key,
            api_base=settings["stripe.api_base"].rstrip("/"),
            livemode=settings["stripe.live"],
        )
    )
    rates = load_rates(project)
    book = open_book(plan, rates=rates, paused=store.paused())
    reader = StripeReader(access)
    connectors = build_connectors(settings, secrets, access, shadow=shadow)
    engine = Engine(
        store=store,
        clock=clock,
        book=book,
        means=Means(
            reader=reader,
            connectors=connectors,
            book=lambda: engine.book,
        ),
        limits=MachineLimits(retries=settings["stripe.retries"]),
        livemode=settings["stripe.live"],
        measures=Measures(),
    )
    return Daemon(
        engine=engine,
        store=store,
        access=access,
        settings=settings,
        secrets=secrets,
        connectors=connectors,
        catch_up=CatchUp(engine=engine, reader=reader, clock=clock, since=since),
        operators=Operators(engine=engine, plan=plan, rates=rates, reload=reload),
    )


def open_database(project: Project, *, for_daemon: bool, create: bool = True) -> SqliteStore:
    """The project's database. Raises `StoreBusy` and `StoreFailed`."""
    return open_store(
        project.root / project.settings["serve.database"],
        for_daemon=for_daemon,
        synchronous=project.settings["serve.synchronous"],
        create=create,
    )
