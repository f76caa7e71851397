"""Names of facts: which row of the catalogue, which metadata key, and whether the trigger has it."""

from autoc.catalogue.facts import FACT, FACTS
from autoc.catalogue.lookup import nearest_name
from autoc.catalogue.model import FactRow
from autoc.catalogue.triggers import TRIGGERS
from autoc.plan.conditions import FactRef
from autoc.semantics.context import Context
from autoc.syntax import tree

KEYED = tuple(row.name for row in FACTS if row.keyed)


def resolve_fact(
    node: tree.FactName, context: Context, *, alone: bool = False
) -> tuple[FactRow, FactRef] | None:
    """The fact that `node` names, or None when there is none (which is then told).

    With `alone` the word stands without a comparison, and may be meant as a condition's name.
    """
    found = _find(node)
    if found is None:
        _tell_unknown(node, context, alone=alone)
        return None
    row, key = found
    if row.keyed and key is None:
        context.tell(
            "AC202",
            node.span,
            f"`{row.name}` needs a key",
            label="expected a key after it",
            help=f'write `{row.name}.tier`, or `{row.name}["any key"]`',
        )
        return None
    if context.trigger is not None and context.trigger.object not in row.objects:
        having = [trigger.name for trigger in TRIGGERS if trigger.object in row.objects]
        context.tell(
            "AC214",
            node.span,
            f"`{row.name}` does not exist on `{context.trigger.name}`",
            label=f"it is about {_article(context.trigger.object)} {context.trigger.object}",
            help=f"these triggers have it: {', '.join(f'`{name}`' for name in having)}",
        )
        return None
    return row, FactRef(name=row.name, key=key)


def _find(node: tree.FactName) -> tuple[FactRow, str | None] | None:
    row = FACT.get(node.path)
    if row is not None and (node.key is None or row.keyed):
        return row, node.key.value if node.key else None
    for name in KEYED:
        if node.path.startswith(f"{name}.") and node.key is None:
            return FACT[name], node.path.removeprefix(f"{name}.")
    return None


def _tell_unknown(node: tree.FactName, context: Context, *, alone: bool) -> None:
    names = [row.name for row in FACTS]
    parts = node.path.split(".")
    guess = nearest_name(node.path, names)
    stem = nearest_name(".".join(parts[:2]), KEYED) if len(parts) > 2 else None
    if stem is not None:
        guess = ".".join((stem, *parts[2:]))
    if alone:
        guess = nearest_name(node.path, [*names, *context.scope.lets.declared])
        context.tell(
            "AC219",
            node.span,
            f"there is no condition `{node.path}`",
            label="expected a comparison, or the name of a condition",
            help=f"did you mean `{guess}`?" if guess else f"declare it with `let {node.path} = …`",
        )
        return
    context.tell(
        "AC202",
        node.span,
        f"there is no fact `{node.path}`",
        label="not a fact of the language",
        help=f"did you mean `{guess}`?" if guess else f"the facts are {_listed(names)}",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"
