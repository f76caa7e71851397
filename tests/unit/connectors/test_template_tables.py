"""What `check` knows of texts is what rendering knows."""

import json
from pathlib import Path
from typing import Any

import pytest

from autoc.catalogue.templates import TEMPLATE_FIELDS, TEMPLATE_FILTERS, TEMPLATE_ROOTS
from autoc.connectors.rendering import render_text, template_variables
from autoc.semantics.templates import check_template
from support.orders import CUSTOMER, INVOICE, email_to, make_order

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "stripe"
SUBSCRIPTION = {"id": "sub_A", "object": "subscription", "customer": "cus_A"}
QUOTE = {"id": "qt_A", "object": "quote", "customer": "cus_A"}


@pytest.mark.parametrize("found", [INVOICE, SUBSCRIPTION, QUOTE], ids=lambda each: each["object"])
def test_every_variable_exists(found: dict[str, Any]) -> None:
    """Each variable of the table is there when everything was read, and no other is."""
    kind = found["object"]
    related = (CUSTOMER, SUBSCRIPTION) if kind == "invoice" else (CUSTOMER,)
    order = make_order(email_to("a@b.example"), object=found, related=related)
    assert set(template_variables(order)) == set(TEMPLATE_ROOTS[kind])


@pytest.mark.parametrize("name", TEMPLATE_FILTERS)
def test_every_filter_exists(name: str) -> None:
    """A filter that `check` accepts can be rendered."""
    text = f"{{{{ due | {name} }}}}"
    assert check_template(text, object_kind="invoice") == ()
    assert render_text(text, make_order(email_to("a@b.example")))


def test_fields_are_names() -> None:
    """Every field is a name as the provider writes them."""
    for fields in TEMPLATE_FIELDS.values():
        assert all(name.replace("_", "a").isalnum() and name.islower() for name in fields)


def test_recorded_objects_have_no_unknown_field() -> None:
    """No field of an object that the provider really sent is reported as a mistake."""
    paths = sorted(RECORDED.glob("*.json"))
    if not paths:
        pytest.skip("the recorded answers are not here")
    unknown: set[str] = set()
    for path in paths:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = document.get("data", {}).get("object") if "data" in document else document
        if isinstance(found, dict) and str(found.get("object")) in (*TEMPLATE_ROOTS, "customer"):
            kind = found["object"]
            unknown |= {f"{kind}.{name}" for name in found if name not in TEMPLATE_FIELDS[kind]}
    assert unknown == set()


@pytest.mark.parametrize(
    ("text", "kind", "marked", "guess"),
    [
        ("a {{ invoice.amout_due }}", "variable", "invoice.amout_due", "invoice.amount_due"),
        ("Subject: {{ quote.id }}\n\nx", "variable", "quote", None),
        ("{{ due | dat }}", "filter", "dat", "date"),
        ("{{ invoice.id ", "syntax", "{{ invoice.id ", None),
    ],
)
def test_mistakes_are_placed(text: str, kind: str, marked: str, guess: str | None) -> None:
    """A mistake is marked where it stands, with the nearest name."""
    (mistake,) = check_template(text, object_kind="invoice")
    assert (mistake.kind, mistake.guess) == (kind, guess)
    assert text[mistake.start : mistake.end] == marked


@pytest.mark.parametrize(
    "text",
    [
        "{% for line in invoice.lines.data %}{{ line.description }}{% endfor %}",
        "{% assign late = invoice.due_date | date %}{{ late }}",
        "{{ customer.metadata.anything }} {{ invoice.metadata['any key'] }}",
    ],
)
def test_sound_texts_have_no_mistakes(text: str) -> None:
    """Loops, own names and metadata are free."""
    assert check_template(text, object_kind="invoice") == ()
