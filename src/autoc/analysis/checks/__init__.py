"""One module a question. Each has `check`, which yields findings; none knows its siblings."""
