"""Windows: a form as Slack shows it, what was filled in, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack.blocks import LABEL, VALUE, Kit, plain_text
from adapters.slack.listen import PLATFORM
from bot.markup.visible import label, visible
from bot.reply import Field, Form

TITLE, FIELD_LABEL, LONGEST, CHECKBOXES = 24, 150, 3000, 10
SUBMIT, CLOSE = "Send", "Cancel"
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,5})?", re.ASCII)
ELEMENT = "value"
# What the block of a field is called that takes people who cannot be picked, after the field's name.
BY_ID = " by id"
_PERSON = re.compile(rf"{PLATFORM}:[UW][A-Z0-9]+")
CHANNEL = "for channel"
_CHANNEL: Kit = {
    "type": "input",
    "block_id": CHANNEL,
    "label": plain_text("Channel", FIELD_LABEL),
    "element": {
        "type": "conversations_select",
        "action_id": ELEMENT,
        "default_to_current_conversation": True,
        # So that it can be answered where the bot is not, too.
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    },
}


def form_view(form: Form, metadata: str, name: str, choose_channel: bool = False) -> Kit:
    """The window of a form; `metadata` comes back with what is filled in, `name` says what kind of window it is.

    With `choose_channel` it asks first for which channel it is.
    """
    asked = [_CHANNEL] if choose_channel else []
    return {
        "type": "modal",
        "callback_id": name,
        "private_metadata": metadata,
        "title": plain_text(form.title, TITLE),
        "submit": plain_text(SUBMIT, TITLE),
        "close": plain_text(CLOSE, TITLE),
        "blocks": [*asked, *(block for field in form.fields for block in _inputs(field))],
    }


def form_values(state: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by field; "" for nothing, what was chosen of several a line each."""
    found: dict[str, str] = {}
    for block, held in state["values"].items():
        if block != CHANNEL:
            # People who were picked, and others who were named beside them, are of one field.
            name, value = block.removesuffix(BY_ID), _value(held[ELEMENT])
            found[name] = "\n".join(filter(None, (found.get(name), value)))
    return found


def channel_chosen(state: Mapping[str, Any]) -> str | None:
    """The channel that a window was sent for; None where it does not ask for one."""
    chosen = state["values"].get(CHANNEL)
    return chosen[ELEMENT].get("selected_conversation") if chosen else None


def form_errors(wrong: Mapping[str, str], form: Form) -> dict[str, str]:
    """What is wrong, by the block that shows it; what is wrong with no field in particular stands at the first."""
    names = [field.name for field in form.fields]
    errors: dict[str, str] = {}
    for name, told in wrong.items():
        at = name if name in names else names[0]
        errors[at] = f"{errors[at]} {told}" if at in errors else told
    return errors


def _inputs(field: Field) -> Iterator[Kit]:
    """The inputs of a field: people are picked, whoever is no person of Slack's is named by id beside them."""
    if not field.people:
        yield _input(field)
        return
    ids = field.value.split()
    picked = [one.partition(":")[2] for one in ids if _PERSON.fullmatch(one)]
    picker: Kit = {"type": "multi_users_select", "action_id": ELEMENT}
    element = picker | ({"initial_users": picked} if picked else {})
    yield {**_input(replace(field, value="", hint="")), "element": element}
    others = "\n".join(one for one in ids if not _PERSON.fullmatch(one))
    yield _input(replace(field, name=field.name + BY_ID, label=f"{field.label}: others", value=others, required=False))


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
    if "selected_users" in held:
        return "\n".join(f"{PLATFORM}:{user}" for user in held["selected_users"] or ())
    if "selected_options" in held:
        return "\n".join(option["value"] for option in held["selected_options"] or ())
    if "selected_option" in held:
        return str((held["selected_option"] or {}).get("value", ""))
    return str(held.get("value") or "")
