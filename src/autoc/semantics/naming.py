"""Names of automations that have none: their file and trigger, and a number from the second on."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from autoc.semantics.context import Context
from autoc.syntax import tree


def name_anonymous(files: Iterable[tree.File]) -> dict[tuple[int, str], str]:
    """The name of each automation without one, by its offset and file."""
    files = tuple(files)
    taken = {
        node.name.value
        for file in files
        for node in file.statements
        if isinstance(node, tree.AutomationNode) and node.name
    }
    names: dict[tuple[int, str], str] = {}
    counts: Counter[str] = Counter()
    for file in files:
        for node in file.statements:
            if isinstance(node, tree.AutomationNode) and node.name is None:
                stem = f"{PurePosixPath(file.path).with_suffix('')}:{node.trigger.value}"
                counts[stem] += 1
                name = stem if counts[stem] == 1 else f"{stem}#{counts[stem]}"
                names[node.span.start, file.path] = name
                taken.add(name)
    return names


def note_anonymous(node: tree.AutomationNode, name: str, context: Context) -> None:
    """Suggest a name: runs and statistics hang on it, and this one changes with the order."""
    suggestion = suggest_name(node, context)
    context.tell(
        "AC905",
        node.header,
        f"this automation has no name of its own, and is called `{name}`",
        label="runs and statistics hang on its name",
        help=f"write `automation {suggestion}` before `on`",
    )


def suggest_name(node: tree.AutomationNode, context: Context) -> str:
    """A free name, made of the trigger and the last action."""
    action = node.steps[-1].action.name.value
    words = [node.trigger.value.rpartition(".")[2], action]
    stem = "_".join(word.replace("-", "_") for word in words)
    declared = context.scope.automations.declared
    number = 2
    name = stem
    while name in declared:
        name = f"{stem}_{number}"
        number += 1
    return name
