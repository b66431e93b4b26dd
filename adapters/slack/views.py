"""Windows: a form as Slack shows it, what was filled in, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from adapters.slack.blocks import LABEL, VALUE, Kit, plain_text
from bot.markup.visible import label, visible
from bot.reply import Field, Form

TITLE, FIELD_LABEL, HINT, LONGEST, CHECKBOXES = 24, 150, 150, 3000, 10
SUBMIT, CLOSE = "Send", "Cancel"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,5})?", re.ASCII)
ELEMENT = "value"


def form_view(form: Form, metadata: str, name: str) -> Kit:
    """The window of a form; `metadata` comes back with what is filled in, `name` says what kind of window it is."""
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": metadata,
        "title": plain_text(form.title, TITLE),
        "submit": plain_text(SUBMIT, TITLE),
        "close": plain_text(CLOSE, TITLE),
        "blocks": [_input(field) for field in form.fields],
    }


def form_values(state: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field; "" for nothing, what was chosen of several a line each."""
    return {name: _value(held[ELEMENT]) for name, held in state["values"].items()}


def form_errors(wrong: Mapping[str, str], form: Form) -> dict[str, str]:
    """What is wrong, by the block that shows it; what is wrong with no field in particular stands at the first."""
    names = [field.name for field in form.fields]
    errors: dict[str, str] = {}
    for name, told in wrong.items():
        at = name if name in names else names[0]
        errors[at] = f"{errors[at]} {told}" if at in errors else told
    return errors


def _input(field: Field) -> Kit:
    block: Kit = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(field.label, FIELD_LABEL),
        "optional": not field.required,
        "element": _element(field),
    }
    if field.hint:
        block["hint"] = plain_text(field.hint, 2000)
    return block


def _element(field: Field) -> Kit:
    if field.several:
        return _several(field)
    if field.options:
        options = [_option(option) for option in field.options]
        chosen = [option for option in options if option["value"] == field.value]
        held = {"initial_option": chosen[0]} if chosen else {}
        return {"type": "static_select", "action_id": ELEMENT, "options": options, **held}
    given = {"initial_value": visible(field.value)[:LONGEST]} if field.value else {}
    if field.number and (not field.value or _NUMBER.fullmatch(field.value)):
        return {"type": "number_input", "action_id": ELEMENT, "is_decimal_allowed": True, **given}
    long = {"multiline": field.long, "max_length": LONGEST}
    return {"type": "plain_text_input", "action_id": ELEMENT, **long, **given}


def _several(field: Field) -> Kit:
    options = [_option(option) for option in field.options]
    values = field.value.split("\n")
    chosen = [option for option in options if option["value"] in values]
    held = {"initial_options": chosen} if chosen else {}
    kind = "checkboxes" if len(options) <= CHECKBOXES else "multi_static_select"
    return {"type": kind, "action_id": ELEMENT, "options": options, **held}


def _option(option: str) -> Kit:
    return {"text": plain_text(option, LABEL), "value": label(option, VALUE)}


def _value(held: Mapping[str, Any]) -> str:
    if "selected_options" in held:
        return "\n".join(option["value"] for option in held["selected_options"] or ())
    if "selected_option" in held:
        return str((held["selected_option"] or {}).get("value", ""))
    return str(held.get("value") or "")
