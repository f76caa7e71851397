"""The arguments of an action, sorted by the word that leads them in; each role at most once."""

import attrs

from autoc.semantics.context import Context
from autoc.syntax import tree


@attrs.frozen(kw_only=True)
class Arguments:
    """`bare` stand alone in their order; `roles` follow a word; `pairs` are those of `with`."""

    node: tree.ActionNode
    bare: tuple[tree.Word, ...]
    roles: dict[str, tree.Argument]
    with_argument: tree.WithArgument | None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The `with` pairs in their order."""
        if self.with_argument is None:
            return ()
        return tuple((pair.key.value, pair.value.value) for pair in self.with_argument.pairs)

    def allow(
        self,
        *,
        bare_max: int,
        roles: tuple[str, ...],
        context: Context,
        with_pairs: bool = False,
    ) -> bool:
        """Whether nothing is there that the action does not know; what is too much is told."""
        extra = [word.span for word in self.bare[bare_max:]]
        extra += [each.span for role, each in self.roles.items() if role not in roles]
        if self.with_argument is not None and not with_pairs:
            extra.append(self.with_argument.span)
        name = self.node.name.value
        for span in extra:
            context.tell(
                "AC508",
                span,
                f"`{name}` takes no such argument",
                label="not expected",
                help="steps are separated by `;`" if bare_max and span in extra[:1] else None,
            )
        return not extra


def sort_arguments(node: tree.ActionNode, context: Context) -> Arguments | None:
    """The arguments of `node`, or None when one is written twice (which is then told)."""
    bare: list[tree.Word] = []
    roles: dict[str, tree.Argument] = {}
    with_argument: tree.WithArgument | None = None
    sound = True
    for each in node.arguments:
        match each:
            case tree.WithArgument():
                sound = _once(with_argument is None, "with", each, context) and sound
                sound = _distinct_keys(each, context) and sound
                with_argument = with_argument or each
            case tree.Argument(role=None):
                bare.append(each.value)
            case tree.Argument(role=str(role)):
                sound = _once(role not in roles, role, each, context) and sound
                sound = _quoted_if_text(role, each, context) and sound
                roles.setdefault(role, each)
    if not sound:
        return None
    return Arguments(node=node, bare=tuple(bare), roles=roles, with_argument=with_argument)


def _once(
    is_first: bool, role: str, each: tree.Argument | tree.WithArgument, context: Context
) -> bool:
    if not is_first:
        context.tell("AC508", each.span, f"`{role}` is written twice", label="expected it once")
    return is_first


def _quoted_if_text(role: str, each: tree.Argument, context: Context) -> bool:
    if role == "using" and each.value.quoted:
        context.tell(
            "AC508",
            each.value.span,
            "a template is named, not written out",
            label="expected the name of a `template`",
        )
        return False
    return True


def _distinct_keys(each: tree.WithArgument, context: Context) -> bool:
    seen: set[str] = set()
    for pair in each.pairs:
        if pair.key.value in seen:
            context.tell(
                "AC508",
                pair.key.span,
                f"the key `{pair.key.value}` is written twice",
                label="expected it once",
            )
            return False
        seen.add(pair.key.value)
    return True
