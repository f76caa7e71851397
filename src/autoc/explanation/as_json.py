"""An explanation as JSON data. The format is a contract (cli.md)."""

from typing import Any

from autoc.explanation.model import Explanation
from autoc.explanation.words import actual_of, shown_value
from autoc.plan.conditions import atoms_of
from autoc.plan.evaluation import AtomAnswer
from autoc.plan.facts import FactState, Known, Missing, Unknown
from autoc.plan.model import (
    CancelSubscription,
    Email,
    EmailCancellation,
    SetRetryPolicy,
    Step,
    Webhook,
)
from autoc.plan.wording import action_name, atom_text, fact_text, step_text
from autoc.runtime.selector import Verdict
from autoc.values.localtime import to_local_iso, to_utc_iso

SCHEMA_VERSION = 1


def explanation_data(explanation: Explanation) -> dict[str, Any]:
    """The whole document, ready for a JSON encoder."""
    subject = explanation.subject
    occurrence = f"{explanation.trigger}/{subject.object}" if explanation.trigger else None
    return {
        "schema_version": SCHEMA_VERSION,
        "event": {
            "id": subject.id,
            "type": subject.type,
            "object": subject.object,
            "created": to_utc_iso(subject.created) if subject.created is not None else None,
            "livemode": subject.livemode,
        },
        "trigger": explanation.trigger,
        "occurrence": occurrence,
        "selected": explanation.selected.name if explanation.selected else None,
        "reason": explanation.reason,
        "reason_text": explanation.reason_text,
        "facts": {fact_text(fact): _fact(state) for fact, state in explanation.facts.items()},
        "automations": [_automation(each, explanation) for each in explanation.verdicts],
        "timeline": _timeline(explanation),
        "ends_when": list(explanation.ends_when),
        "other_triggers": list(explanation.other_triggers),
    }


def _fact(state: FactState) -> dict[str, Any]:
    match state:
        case Known(value=value):
            return {"value": shown_value(value), "state": "known"}
        case Missing():
            return {"value": None, "state": "missing"}
        case Unknown(needs=needs, at_least=at_least, reason=reason):
            known = shown_value(at_least) if at_least else None
            needed = ", ".join(str(each) for each in needs)
            return {"value": known, "state": "unknown", "needs": needed, "reason": reason}


def _automation(verdict: Verdict, explanation: Explanation) -> dict[str, Any]:
    automation = verdict.automation
    place = explanation.places.get(automation.name)
    lines = place.condition_lines if place else ()
    atoms = tuple(atoms_of(automation.condition))
    return {
        "name": automation.name,
        "filename": place.filename if place else None,
        "line": place.line if place else None,
        "verdict": verdict.verdict,
        "conditions": [
            {
                "text": atom_text(atom),
                "holds": answer.holds,
                "actual": actual_of(atom, answer),
                "line": lines[index] if index < len(lines) else None,
                **_why_open(answer),
            }
            for index, (atom, answer) in enumerate(zip(atoms, verdict.answers, strict=True))
        ],
    }


def _why_open(answer: AtomAnswer) -> dict[str, Any]:
    if answer.holds is not None:
        return {}
    return {"reason": answer.reason, "needs": [str(each) for each in answer.needs]}


def _timeline(explanation: Explanation) -> list[dict[str, Any]]:
    if explanation.selected is None:
        return []
    document: list[dict[str, Any]] = []
    for step, entry in zip(explanation.selected.steps, explanation.timeline, strict=True):
        due = to_local_iso(entry.due, explanation.timezone) if entry.due is not None else None
        line: dict[str, Any] = {
            "step": entry.step,
            "action": action_name(step.action),
            "arguments": _arguments(step),
            "due": due,
            "text": step_text(step, first=entry.step == 1),
            "skipped": entry.skipped,
        }
        if entry.after_step is not None:
            line["after_step"] = entry.after_step
        document.append(line)
    return document


def _arguments(step: Step) -> dict[str, Any]:
    match step.action:
        case SetRetryPolicy(policy=policy):
            return {"policy": policy.name}
        case CancelSubscription(prorate=prorate, invoice_now=invoice_now):
            return {"prorate": prorate, "invoice_now": invoice_now}
        case Email() as email:
            return {
                "contact": email.contact,
                "to": list(email.to),
                "template": email.template.name if email.template else None,
                "subject": email.subject,
                "body": email.body,
            }
        case EmailCancellation(survey=survey):
            return {"survey": survey}
        case Webhook() as webhook:
            return {
                "event_type": webhook.event_type,
                "endpoint": webhook.endpoint,
                "url": webhook.url,
                "data": dict(webhook.data),
            }
        case _:
            return {}
