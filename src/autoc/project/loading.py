"""Loads a project: root, settings, rule files in priority order, templates, rates."""

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import attrs

from autoc.analysis.model import Limits
from autoc.diagnostics.kinds import report
from autoc.diagnostics.model import Diagnostic, Label
from autoc.project.settings import ProjectMistake, Settings, read_settings
from autoc.semantics.program import ReadTemplate, Surroundings, TemplateRefused, TemplateText
from autoc.text.source import Source, Span
from autoc.values.duration import DAY
from autoc.values.rates import RateTable, parse_rates

SETTINGS_FILE = "autoc.toml"
RULE_SUFFIX = ".auto"
SKIPPED_FOLDERS = frozenset((".git", ".venv", "venv", "node_modules", "__pycache__"))
FILE_BYTES_MAX = 8 * 1024 * 1024


@attrs.frozen(kw_only=True)
class Project:
    """A project on disk. `root` is absolute; paths in sources are relative to it, with `/`.

    `unreadable` are rule files that could not be read, as findings.
    """

    root: Path
    settings: Settings
    sources: tuple[Source, ...]
    unreadable: tuple[Diagnostic, ...] = ()

    @property
    def surroundings(self) -> Surroundings:
        """What the compiler needs to know of the project."""
        return Surroundings(
            read_template=template_reader(self.root),
            contacts=self.settings.contacts,
            settings_file=self.settings.file,
            rates_configured=self.settings["rates"] is not None,
        )

    @property
    def limits(self) -> Limits:
        """The limits that the checks know."""
        apart = self.settings["limits.mails_apart"]
        return Limits(
            mails_per_run=self.settings["limits.mails_per_run"],
            mails_apart_seconds=apart.seconds + apart.days * DAY,
            lead_time_max=self.settings["limits.lead_time_max"],
        )


def load_project(
    paths: Sequence[str] = (),
    *,
    folder: Path,
    environment: Mapping[str, str],
    options: Mapping[str, Any] | None = None,
) -> Project:
    """The project that `folder` lies in; with `paths`, only these rule files and folders.

    Raises `ProjectMistake` when a path, the settings or a folder cannot be read.
    """
    start = _start(paths, folder)
    root, document, file = _find_root(start)
    settings = read_settings(document, file=file, environment=environment, options=options)
    if root is None:
        root = folder.resolve()
        wanted: Iterable[Path] = [folder / path for path in paths] or [root]
    elif paths:
        wanted = [folder / path for path in paths]
    else:
        wanted = [root / rule for rule in settings["rules"]] or [root]
    sources: dict[str, Source] = {}
    unreadable: list[Diagnostic] = []
    for path in _rule_files(wanted):
        source = _read_source(path, root)
        if isinstance(source, Diagnostic):
            unreadable.append(source)
        else:
            sources.setdefault(source.path, source)
    return Project(
        root=root,
        settings=settings,
        sources=tuple(sources.values()),
        unreadable=tuple(unreadable),
    )


def _start(paths: Sequence[str], folder: Path) -> Path:
    if not paths:
        return folder.resolve()
    first = (folder / paths[0]).resolve()
    return first if first.is_dir() else first.parent


def _find_root(start: Path) -> tuple[Path | None, Mapping[str, Any], str]:
    for candidate in (start, *start.parents):
        own = candidate / SETTINGS_FILE
        if own.is_file():
            return candidate, _read_toml(own), SETTINGS_FILE
        shared = candidate / "pyproject.toml"
        if shared.is_file():
            section = _read_toml(shared).get("tool", {}).get("autoc")
            if isinstance(section, Mapping):
                return candidate, section, "pyproject.toml"
    return None, {}, SETTINGS_FILE


def _read_toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ProjectMistake(f"{path.name}: {error}") from error
    except UnicodeDecodeError as error:
        raise ProjectMistake(f"{path.name}: this is no UTF-8 text") from error
    except OSError as error:
        raise ProjectMistake(f"{path.name}: {os.strerror(error.errno or 0)}") from error


def _rule_files(wanted: Iterable[Path]) -> Iterable[Path]:
    for path in wanted:
        if path.is_dir():
            yield from _files_below(path)
        elif path.exists():
            yield path
        else:
            raise ProjectMistake(f"there is no file or folder `{_shown(path)}`")


def _files_below(folder: Path) -> list[Path]:
    """Every rule file below `folder`, in path order."""
    found: list[Path] = []
    for current, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        found.extend(Path(current, name) for name in files if name.endswith(RULE_SUFFIX))
    return sorted(found, key=lambda path: path.relative_to(folder).parts)


def _shown(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:
        return str(path)


def relative_path(path: Path, root: Path) -> str:
    """`path` as people are shown it: from the root, with `/`."""
    return PurePosixPath(os.path.relpath(path.resolve(), root)).as_posix()


def _read_source(path: Path, root: Path) -> Source | Diagnostic:
    shown = relative_path(path, root)
    text = _read_text(path)
    if isinstance(text, str):
        return Source(path=shown, text=text)
    return report(
        "AC109",
        message=f"`{shown}` cannot be read: {text.reason}",
        primary=Label(span=Span(path=shown, start=0, end=0)),
        help="rule files are UTF-8 text",
    )


@attrs.frozen(kw_only=True)
class _Unreadable:
    reason: str


def _read_text(path: Path) -> str | _Unreadable:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            return _Unreadable(reason=f"it is larger than {FILE_BYTES_MAX // 1024 // 1024} MiB")
        data = path.read_bytes()
    except OSError as error:
        return _Unreadable(reason=os.strerror(error.errno or 0).lower())
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return _Unreadable(reason=f"byte {error.start + 1} is no UTF-8")


def template_reader(root: Path) -> ReadTemplate:
    """Reads templates inside `root`, and nothing outside of it, not even through a link."""

    def read(path: str) -> TemplateText | TemplateRefused:
        target = (root / path).resolve()
        if Path(path).is_absolute() or not target.is_relative_to(root.resolve()):
            return TemplateRefused(
                code="AC232", message=f"the template `{path}` lies outside of the project"
            )
        if not target.is_file():
            return TemplateRefused(code="AC223", message=f"there is no file `{path}`")
        text = _read_text(target)
        if isinstance(text, _Unreadable):
            return TemplateRefused(
                code="AC223", message=f"the template `{path}` cannot be read: {text.reason}"
            )
        return TemplateText(path=relative_path(target, root), text=text)

    return read


def load_rates(project: Project) -> RateTable | None:
    """The project's rate table, if one is configured. Raises `ProjectMistake` when it is wrong."""
    name = project.settings["rates"]
    if name is None:
        return None
    text = _read_text(project.root / name)
    if isinstance(text, _Unreadable):
        raise ProjectMistake(f"the rate table `{name}` cannot be read: {text.reason}")
    table = parse_rates(text)
    if isinstance(table, RateTable):
        return table
    first = table[0]
    more = f" (and {len(table) - 1} more)" if len(table) > 1 else ""
    raise ProjectMistake(f"{name}:{first.line}: {first.message}{more}")
