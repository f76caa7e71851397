"""The settings: one table of all keys, and how a value is found.

Option, then environment (`AUTOC_SERVE_PORT`), then file, then default (cli.md, Configuration).
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from autoc.catalogue.lookup import nearest_name
from autoc.values.duration import Duration, parse_duration

ValueKind = Literal["text", "texts", "number", "flag", "secret", "secrets", "duration", "choice"]
SECRET = re.compile(r"(env|file|cred):(.+)", re.DOTALL)


class ProjectMistake(Exception):  # noqa: N818 - a mistake of the user's
    """The project cannot be used as it is; the message says what and where."""


@attrs.frozen(kw_only=True)
class Key:
    """One key of the settings. A secret names where it lies: `env:NAME`, `file:PATH`, `cred:NAME`."""

    name: str
    kind: ValueKind
    default: Any
    choices: tuple[str, ...] = ()
    summary: str


def _key(  # noqa: PLR0913 - a row of the table
    name: str,
    kind: ValueKind,
    default: Any,
    summary: str,
    *,
    choices: tuple[str, ...] = (),
) -> Key:
    return Key(name=name, kind=kind, default=default, summary=summary, choices=choices)


KEYS: tuple[Key, ...] = (
    _key("rules", "texts", (), "files or folders, in priority order"),
    _key("rates", "text", None, "dated exchange rates in the ECB's CSV format"),
    _key("serve.host", "text", "127.0.0.1", "the address that the daemon listens on"),
    _key("serve.port", "number", 8080, "the port that the daemon listens on"),
    _key("serve.database", "text", "autoc.db", "the SQLite file of the daemon"),
    _key(
        "serve.synchronous",
        "choice",
        "full",
        "how durable a commit is; `normal` may lose the last ones when the power fails",
        choices=("full", "normal"),
    ),
    _key("serve.drain_timeout", "duration", Duration(seconds=20), "how long SIGTERM waits"),
    _key("serve.retention", "duration", Duration(months=12), "how long finished runs are kept"),
    _key("stripe.api_base", "text", "https://api.stripe.com", "where Stripe's API is"),
    _key("stripe.api_key", "secret", None, "Stripe's secret key"),
    _key("stripe.webhook_secrets", "secrets", (), "signing secrets; several while one is rolled"),
    _key("stripe.live", "flag", False, "act on live data; test data otherwise"),
    _key("stripe.retries", "choice", "autoc", "who retries payments", choices=("autoc", "stripe")),
    _key("limits.mails_per_run", "number", 5, "more mails in a run are a warning"),
    _key("limits.mails_apart", "duration", Duration(seconds=3600), "closer mails are a warning"),
    _key("limits.lead_time_max", "duration", Duration(months=12), "`before` reaches no further"),
    _key("smtp.host", "text", "127.0.0.1", "the mail server"),
    _key("smtp.port", "number", 1025, "its port"),
    _key("smtp.security", "choice", "none", "", choices=("none", "starttls", "tls")),
    _key("smtp.username", "text", None, "the name to sign in with"),
    _key("smtp.password", "secret", None, "the password to sign in with"),
    _key("smtp.from", "text", "Billing <billing@localhost>", "who mails are from"),
    _key("webhook.secret", "secret", None, "signs outgoing webhooks"),
    _key("webhook.allow_private", "texts", (), "private networks that may be sent to"),
)
KEY: dict[str, Key] = {key.name: key for key in KEYS}
CONTACTS = "contacts"


@attrs.frozen(kw_only=True)
class Setting:
    """A value, and where it comes from: `option`, `AUTOC_…`, the file, or `default`."""

    key: Key
    value: Any
    origin: str


@attrs.frozen(kw_only=True)
class Settings:
    """All settings of a project. `file` is what people call the settings file."""

    values: Mapping[str, Setting]
    contacts: Mapping[str, tuple[str, ...]]
    file: str = "autoc.toml"

    def __getitem__(self, name: str) -> Any:
        return self.values[name].value


def read_settings(
    document: Mapping[str, Any],
    *,
    file: str,
    environment: Mapping[str, str],
    options: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings in `document` (as TOML decodes it), overridden by environment and options.

    Raises `ProjectMistake` for an unknown key, a wrong type, a secret that is written out.
    """
    flat, contacts = _flatten(document, file)
    values: dict[str, Setting] = {}
    for key in KEYS:
        variable = "AUTOC_" + key.name.upper().replace(".", "_")
        if options and options.get(key.name) is not None:
            values[key.name] = Setting(key=key, value=options[key.name], origin="option")
        elif variable in environment:
            value = _from_text(key, environment[variable], variable)
            values[key.name] = Setting(key=key, value=value, origin=variable)
        elif key.name in flat:
            value = _checked(key, flat[key.name], f"`{key.name}` in {file}")
            values[key.name] = Setting(key=key, value=value, origin=file)
        else:
            values[key.name] = Setting(key=key, value=key.default, origin="default")
    return Settings(values=values, contacts=contacts, file=file)


def _flatten(
    document: Mapping[str, Any], file: str
) -> tuple[dict[str, Any], dict[str, tuple[str, ...]]]:
    flat: dict[str, Any] = {}
    contacts: dict[str, tuple[str, ...]] = {}
    sections = {key.name.partition(".")[0] for key in KEYS if "." in key.name}
    for name, value in document.items():
        if name == CONTACTS:
            contacts = _read_contacts(value, file)
        elif name in sections:
            if not isinstance(value, Mapping):
                raise ProjectMistake(f"{file}: `{name}` is a section: write `[{name}]`")
            flat.update({f"{name}.{key}": each for key, each in value.items()})
        else:
            flat[name] = value
    for name in flat:
        if name not in KEY:
            guess = nearest_name(name, [*KEY, CONTACTS])
            raise ProjectMistake(
                f"{file}: there is no setting `{name}`"
                + (f"; did you mean `{guess}`?" if guess else "")
            )
    return flat, contacts


def _read_contacts(value: Any, file: str) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        raise ProjectMistake(f"{file}: `contacts` is a section: write `[contacts]`")
    contacts: dict[str, tuple[str, ...]] = {}
    for name, addresses in value.items():
        listed = [addresses] if isinstance(addresses, str) else addresses
        if not isinstance(listed, list) or not listed:
            raise ProjectMistake(f"{file}: the contact `{name}` is a list of mail addresses")
        for address in listed:
            if not isinstance(address, str) or "@" not in address or re.search(r"\s", address):
                raise ProjectMistake(f"{file}: `{address}` of `{name}` is no mail address")
        contacts[name] = tuple(listed)
    return contacts


def _checked(key: Key, value: Any, place: str) -> Any:
    match key.kind:
        case "text" if isinstance(value, str):
            return value
        case "choice" if value in key.choices:
            return value
        case "texts" if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        case "texts" if isinstance(value, str):
            return (value,)
        case "number" if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        case "flag" if isinstance(value, bool):
            return value
        case "duration" if isinstance(value, str):
            return _duration(value, place)
        case "secret" if isinstance(value, str):
            return _secret_place(value, place)
        case "secrets" if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(_secret_place(each, place) for each in value)
        case "secrets" if isinstance(value, str):
            return (_secret_place(value, place),)
    raise ProjectMistake(f"{place} must be {_in_words(key)}")


def _in_words(key: Key) -> str:
    match key.kind:
        case "choice":
            return "one of " + ", ".join(f"`{each}`" for each in key.choices)
        case "texts":
            return "a list of texts"
        case "number":
            return "a whole number"
        case "flag":
            return "`true` or `false`"
        case "duration":
            return "a duration such as `1h`"
        case "secret" | "secrets":
            return "`env:NAME`, `file:PATH` or `cred:NAME`"
        case _:
            return "a text"


def _duration(text: str, place: str) -> Duration:
    duration = parse_duration(text)
    if not isinstance(duration, Duration):
        raise ProjectMistake(f"{place}: {duration.message}")
    return duration


def _secret_place(text: str, place: str) -> str:
    if not SECRET.fullmatch(text):
        raise ProjectMistake(
            f"{place} holds a secret itself; write where it lies: "
            "`env:NAME`, `file:PATH` or `cred:NAME`"
        )
    return text


def _from_text(key: Key, text: str, variable: str) -> Any:
    match key.kind:
        case "number":
            if not (text.isascii() and text.isdigit()):
                raise ProjectMistake(f"{variable} must be a whole number")
            return int(text)
        case "flag":
            if text.lower() not in ("true", "false", "1", "0"):
                raise ProjectMistake(f"{variable} must be `true` or `false`")
            return text.lower() in ("true", "1")
        case "texts" | "secrets":
            parts = [part.strip() for part in text.split(",") if part.strip()]
            return _checked(key, parts, variable)
        case _:
            return _checked(key, text, variable)


def read_secret(place: str, *, environment: Mapping[str, str], root: Path) -> str:
    """The secret that lies at `place`. Raises `ProjectMistake` when there is none; never shows it."""
    match = SECRET.fullmatch(place)
    assert match is not None
    kind, name = match[1], match[2]
    if kind == "env":
        if not environment.get(name):
            raise ProjectMistake(f"the secret `{place}` is not set: set the variable `{name}`")
        return environment[name]
    if kind == "cred":
        folder = environment.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise ProjectMistake(f"the secret `{place}` needs systemd's `LoadCredential=`")
        path = Path(folder) / name
    else:
        path = root / name
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectMistake(f"the secret `{place}` cannot be read: {_reason(error)}") from error


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
