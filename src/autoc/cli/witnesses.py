"""`check --witness-dir`: each finding's witness event as a file that `autoc explain` takes."""

import json
from collections.abc import Sequence
from pathlib import Path

from autoc.diagnostics.model import Diagnostic


def write_witnesses(diagnostics: Sequence[Diagnostic], folder: Path) -> None:
    """Write one file for each finding that has a witness, named after its code and automation."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for each in diagnostics:
        if each.witness is None:
            continue
        subject = (each.automation or "project").replace("/", "-").replace(":", "-")
        name, number = f"{each.code}-{subject}", 2
        while name in taken:
            name, number = f"{each.code}-{subject}-{number}", number + 1
        taken.add(name)
        text = json.dumps(each.witness, indent=2, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
