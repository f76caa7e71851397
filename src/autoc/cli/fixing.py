"""`check --fix` and `check --diff`: mends the rule files, or shows how."""

import sys

from autoc.cli.loading import compile_loaded
from autoc.diagnostics.fixes import apply_fixes, unified_diff
from autoc.project.loading import Project
from autoc.text.source import Source

ROUNDS_MAX = 10
"""One fix can make room for another; no project needs more rounds than this."""


def mend(project: Project, *, unsafe: bool, only_shown: bool) -> int:
    """Apply the fixes round by round; 1 when `only_shown` and there is something to change."""
    before = {source.path: source for source in project.sources}
    current = dict(before)
    for _ in range(ROUNDS_MAX):
        changed = _mend_once(project, current, unsafe=unsafe)
        if not changed:
            break
        current.update({path: Source(path=path, text=text) for path, text in changed.items()})
    different = [path for path in before if before[path].text != current[path].text]
    for path in different:
        if only_shown:
            sys.stdout.write(unified_diff(before[path], current[path].text))
        else:
            (project.root / path).write_text(current[path].text, encoding="utf-8", newline="\n")
    return 1 if only_shown and different else 0


def _mend_once(project: Project, sources: dict[str, Source], *, unsafe: bool) -> dict[str, str]:
    import attrs

    compilation = compile_loaded(attrs.evolve(project, sources=tuple(sources.values())))
    ours = {path: source for path, source in compilation.sources.items() if path in sources}
    return apply_fixes(ours, compilation.diagnostics, unsafe=unsafe)
