"""`autoc check`: parse, resolve, type, analyse, and show what was found."""

import sys
from pathlib import Path

import click

from autoc.catalogue.lookup import nearest_name
from autoc.catalogue.triggers import TRIGGER
from autoc.cli.loading import color_option, compile_loaded, load, wants_color
from autoc.compiler import NODE_BUDGET
from autoc.diagnostics.kinds import KINDS, find_kind
from autoc.diagnostics.model import Diagnostic
from autoc.diagnostics.suppression import apply_suppressions
from autoc.runtime.clock import today

FORMATS = ("full", "concise", "json", "github", "sarif", "junit")


@click.command("check", short_help="find every mistake, and prove what can never run")
@click.argument("paths", nargs=-1)
@click.option("--format", "output", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what changes meaning."
)
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option("--select", multiple=True, metavar="CODE", help="Only these codes or names.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Not these codes or names.")
@click.option("--require-match", multiple=True, metavar="TRIGGER", help="Every event is taken.")
@click.option("--node-budget", type=int, default=NODE_BUDGET, help="How hard to try to prove.")
@click.option("--statistics", is_flag=True, help="Count the findings of each code.")
@click.option("--witness-dir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--explain", "explained", metavar="CODE", help="Explain a code, and stop.")
@color_option
def check_command(  # noqa: PLR0913 - one parameter for each option
    *,
    paths: tuple[str, ...],
    output: str,
    strict: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    require_match: tuple[str, ...],
    node_budget: int,
    statistics: bool,
    witness_dir: Path | None,
    explained: str | None,
    color: str,
) -> int:
    """Find every mistake in the rules, and prove what can never run.

    Exits 0 when there is no error, 1 when there is one (with --strict: or a warning), 2 when the
    project cannot be read.
    """
    if explained is not None:
        return _explain(explained)
    chosen = _codes(select), _codes(ignore)
    for trigger in require_match:
        _known_trigger(trigger)
    project = load(paths)
    if fix or diff:
        from autoc.cli.fixing import mend

        code = mend(project, unsafe=unsafe_fixes, only_shown=diff)
        if diff:
            return code
        project = load(paths)
    compilation = compile_loaded(project, require_match=require_match, node_budget=node_budget)
    kept = apply_suppressions(compilation.diagnostics, compilation.sources, today=today())
    shown = tuple(each for each in kept if _is_chosen(each, *chosen))
    if witness_dir is not None:
        from autoc.cli.witnesses import write_witnesses

        write_witnesses(shown, witness_dir)
    from autoc.cli.printing import print_findings

    print_findings(
        shown,
        compilation.sources,
        output=output,
        color=wants_color(color),
        statistics=statistics,
    )
    failing = ("error", "warning") if strict else ("error",)
    return 1 if any(each.severity in failing for each in shown) else 0


def _explain(code: str) -> int:
    from autoc.diagnostics.pages import read_page

    sys.stdout.write(read_page(_codes((code,))[0]))
    return 0


def _codes(words: tuple[str, ...]) -> tuple[str, ...]:
    """Codes, or prefixes of codes such as `AC3`, or names."""
    codes: list[str] = []
    for word in (part.strip() for each in words for part in each.split(",")):
        kind = find_kind(word)
        if kind is not None:
            codes.append(kind.code)
        elif any(each.code.startswith(word.upper()) for each in KINDS) and len(word) >= 3:
            codes.append(word.upper())
        else:
            guess = nearest_name(word, [name for k in KINDS for name in (k.code, k.name)])
            raise click.UsageError(
                f"There is no code or name '{word}'."
                + (f" Did you mean '{guess}'?" if guess else "")
            )
    return tuple(codes)


def _is_chosen(each: Diagnostic, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    if ignore and each.code.startswith(ignore):
        return False
    return not select or each.code.startswith(select)


def _known_trigger(name: str) -> None:
    if name not in TRIGGER:
        guess = nearest_name(name, TRIGGER)
        raise click.UsageError(
            f"There is no trigger '{name}'." + (f" Did you mean '{guess}'?" if guess else "")
        )
