"""Sizes and rules of messages and modals that Discord's specification does not state, but Discord enforces; and this
bot's own: no mention fires, no picture goes without an alternative text, no send can happen twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]

CONTENT, EMBEDS, ROWS = 2000, 6000, 5
LAYOUT_COMPONENTS, LAYOUT_TEXT = 40, 4000
QUESTION, ANSWER = 300, 55
MODAL_COMPONENTS = 5
FILES, FILE_BYTES = 10, 10 * 1024 * 1024
ROW, BUTTON, SELECTS, INPUT, TEXT = 1, 2, (3, 5, 6, 7, 8), 4, 10
LINK, STRING_SELECT = 5, 3
LAYOUT = 1 << 15
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def written_problems(message: Object, *, new: bool) -> list[str]:
    """What is wrong with a message to be sent (`new`), or with a change of one."""
    return [
        *_mention_problems(message.get("allowed_mentions")),
        *_text_problems(message, new),
        *_component_problems(message),
        *_poll_problems(message.get("poll")),
        *_attachment_problems(message.get("attachments") or ()),
        *_nonce_problems(message),
    ]


def modal_problems(modal: Object) -> list[str]:
    """What is wrong with a modal."""
    components = modal.get("components") or ()
    found = list(walked(components))
    wrong = [*_repeated("custom_id", [one.get("custom_id") for one in found])]
    if len(components) > MODAL_COMPONENTS:
        wrong.append(f"a modal has {len(components)} components, more than {MODAL_COMPONENTS}")
    for row in components:
        inner: Sequence[Object] = row.get("components") or ()
        if row["type"] == ROW and (len(inner) != 1 or not inner[0].get("label")):
            wrong.append("a row of a modal holds anything but one text field with a label")
    for one in found:
        if one["type"] == INPUT:
            wrong += _input_problems(one)
        elif one["type"] in SELECTS:
            wrong += _select_problems(one)
    return wrong


def file_problems(message: Object, sizes: Sequence[int]) -> list[str]:
    """What is wrong with the files of so many bytes that go with a message: each has its entry in `attachments`."""
    wrong = [f"a file has {size} bytes, more than {FILE_BYTES}" for size in sizes if size > FILE_BYTES]
    if len(sizes) > FILES:
        wrong.append(f"there are {len(sizes)} files, more than {FILES}")
    described = {str(one["id"]) for one in message.get("attachments") or () if one.get("filename")}
    wrong += [
        f"file {place} is not among the attachments" for place in range(len(sizes)) if str(place) not in described
    ]
    return wrong


def walked(components: Sequence[Object]) -> Iterator[Object]:
    """Components and all that lie in them."""
    for one in components:
        yield one
        yield from walked(one.get("components") or ())
        yield from walked([one[name] for name in ("accessory", "component") if one.get(name)])


def _mention_problems(allowed: Object | None) -> Iterator[str]:
    """A message that does not forbid mentions fires those that somebody else has written into it."""
    if allowed is None or allowed.get("parse") != []:
        yield "allowed_mentions does not say that nothing is parsed"
    elif allowed.get("users") or allowed.get("roles") or allowed.get("replied_user"):
        yield "allowed_mentions lets somebody be mentioned"


def _text_problems(message: Object, new: bool) -> Iterator[str]:
    content, embeds = message.get("content") or "", message.get("embeds") or ()
    if len(content) > CONTENT:
        yield f"content has {len(content)} characters, more than {CONTENT}"
    if (total := sum(map(_embed_size, embeds))) > EMBEDS:
        yield f"the embeds have {total} characters together, more than {EMBEDS}"
    others = ("embeds", "components", "poll", "attachments", "sticker_ids")
    if new and not content.strip() and not any(message.get(name) for name in others):
        yield "the message is empty"


def _embed_size(embed: Object) -> int:
    named = [embed.get("title"), embed.get("description")]
    nested = [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    fields = [text for field in embed.get("fields") or () for text in (field.get("name"), field.get("value"))]
    return sum(len(text or "") for text in (*named, *nested, *fields))


def _component_problems(message: Object) -> Iterator[str]:
    components = message.get("components") or ()
    found = list(walked(components))
    yield from _repeated("custom_id", [one.get("custom_id") for one in found])
    if (message.get("flags") or 0) & LAYOUT:
        yield from _layout_problems(message, found)
    elif any(one["type"] != ROW for one in components):
        yield "a component of a layout stands in a message that is none"
    elif len(components) > ROWS:
        yield f"there are {len(components)} rows, more than {ROWS}"
    for one in found:
        if one["type"] == ROW:
            yield from _row_problems(one["components"])
        elif one["type"] == BUTTON:
            yield from _button_problems(one)
        elif one["type"] in SELECTS:
            yield from _select_problems(one)


def _layout_problems(message: Object, found: Sequence[Object]) -> Iterator[str]:
    if any(message.get(name) for name in ("content", "embeds", "poll", "sticker_ids")):
        yield "content, embeds, a poll or stickers stand beside a layout"
    if len(found) > LAYOUT_COMPONENTS:
        yield f"there are {len(found)} components, more than {LAYOUT_COMPONENTS}"
    if (total := sum(len(one["content"]) for one in found if one["type"] == TEXT)) > LAYOUT_TEXT:
        yield f"the texts of the layout have {total} characters together, more than {LAYOUT_TEXT}"


def _row_problems(inner: Sequence[Object]) -> Iterator[str]:
    kinds = {one["type"] for one in inner}
    if kinds != {BUTTON} and len(inner) > 1:
        yield "a row holds a menu and something else"


def _button_problems(button: Object) -> Iterator[str]:
    if not button.get("label") and not button.get("emoji"):
        yield "a button has neither a label nor an emoji"
    if bool(button.get("url")) != (button["style"] == LINK) or bool(button.get("custom_id")) == bool(button.get("url")):
        yield "a button must have a custom_id, or be a link and have a url"


def _select_problems(select: Object) -> Iterator[str]:
    least, most = select.get("min_values"), select.get("max_values")
    least, most = 1 if least is None else least, 1 if most is None else most
    if least > most:
        yield "a menu asks for more than it lets one choose"
    if select["type"] == STRING_SELECT:
        options = select.get("options") or ()
        yield from _repeated("the value of an option", [one.get("value") for one in options])
        if max(least, most) > len(options):
            yield f"a menu lets one choose {most} of {len(options)} options"
        if sum(bool(one.get("default")) for one in options) > most:
            yield "a menu has more chosen beforehand than may be chosen"


def _input_problems(field: Object) -> Iterator[str]:
    value, least, most = field.get("value") or "", field.get("min_length") or 0, field.get("max_length") or 4000
    if least > most:
        yield "a text field asks for more than it has room for"
    if value and not least <= len(value) <= most:
        yield f"a text field is filled in with {len(value)} characters, not {least} to {most}"


def _poll_problems(poll: Object | None) -> Iterator[str]:
    if poll is None:
        return
    question = poll["question"].get("text") or ""
    if not 0 < len(question.strip()) <= QUESTION:
        yield f"the question of a poll has {len(question)} characters, not 1 to {QUESTION}"
    for answer in poll["answers"]:
        text = answer["poll_media"].get("text") or ""
        if not 0 < len(text.strip()) <= ANSWER:
            yield f"an answer of a poll has {len(text)} characters, not 1 to {ANSWER}"


def _attachment_problems(attachments: Sequence[Object]) -> Iterator[str]:
    yield from _repeated("the id of an attachment", [one["id"] for one in attachments])
    for one in attachments:
        name = one.get("filename") or ""
        if name.lower().endswith(PICTURES) and not (one.get("description") or "").strip():
            yield f"the picture {name} has no alternative text"


def _nonce_problems(message: Object) -> Iterator[str]:
    if message.get("nonce") is not None and not message.get("enforce_nonce"):
        yield "a nonce without enforce_nonce keeps nothing from being sent twice"


def _repeated(what: str, values: Sequence[object]) -> Iterator[str]:
    for value, times in Counter(value for value in values if value is not None).items():
        if times > 1:
            yield f"{what} {value!r} stands there {times} times"
