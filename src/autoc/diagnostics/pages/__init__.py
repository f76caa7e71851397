"""One page for each code: what it means, an example that raises it, one that does not."""

from importlib.resources import files


def read_page(code: str) -> str:
    """The page of `code`, as Markdown."""
    return files(__name__).joinpath(f"{code}.md").read_text(encoding="utf-8")
