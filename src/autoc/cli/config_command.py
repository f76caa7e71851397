"""`autoc config`: every setting, its value, and where it comes from."""

import json
import sys

import click

from autoc.cli.loading import load
from autoc.project.settings import Setting


@click.command("config", short_help="every setting, and where it comes from")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text")
def config_command(*, output: str) -> int:
    """Every setting, its value, and where it comes from. Secrets are not read, only named."""
    settings = load().settings
    rows = [(name, _shown(setting), setting.origin) for name, setting in settings.values.items()]
    rows += [
        (f"contacts.{name}", list(addresses), settings.file)
        for name, addresses in settings.contacts.items()
    ]
    if output == "json":
        document = {name: {"value": value, "origin": origin} for name, value, origin in rows}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = max(len(name) for name, _, _ in rows)
    for name, value, origin in rows:
        text = json.dumps(value, ensure_ascii=False)
        sys.stdout.write(f"{name.ljust(width)}  {text}  ({origin})\n")
    return 0


def _shown(setting: Setting) -> object:
    """The value as JSON data. A secret's place names it; the secret itself is never read here."""
    if isinstance(setting.value, tuple):
        return list(setting.value)
    if setting.value is None or isinstance(setting.value, str | int | bool):
        return setting.value
    return str(setting.value)
