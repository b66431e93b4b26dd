"""Questions: whatever no other activity takes is answered from the sources."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.activities import Growing, Heard
from bot.costs.budget import Budget
from bot.costs.prices import plausible
from bot.intents import Retelling
from bot.intents.sayings import QUIZ_ASKED
from bot.intents.talk.another import wants_another
from bot.intents.talk.going_on import is_of_list, told_last
from bot.intents.talk.languages import language_of
from bot.intents.talk.leads import plain_question, unled
from bot.intents.talk.smalltalk import is_remark
from bot.intents.votes.places import place_named
from bot.reply import Choice, Choices, Lack, Part, Reply, Sources, Text
from bot.store import Scene
from knowledge.answer import NOT_THAT, OFF_SUBJECT, Answer, Answerer, Message, Spent
from knowledge.extent import asks_something
from knowledge.followup import refers
from knowledge.question import clean, item_asked
from knowledge.words import content_words

NO_WORDS = "I find no words in that message: ask me in your own."
ONLY_PICTURES = "I cannot read pictures: tell me in words what you would like to know."
# What asks for the last answer with all that belongs to it, in whichever words somebody did not understand it.
EXPLAINED = "explain all of it"
# What was said in full in this talk already is said shortly from then on.
SHORTER = {
    OFF_SUBJECT: "My sources hold nothing on that either.",
    NOT_THAT: "I will not do that either.",
}
# To a question in another language: that the sources are in English, and the same where they hold nothing on it.
IN_ENGLISH = {
    "de": "Meine Quellen sind auf Englisch, darum antworte ich auf Englisch.",
    "fr": "Mes sources sont en anglais, je réponds donc en anglais.",
    "es": "Mis fuentes están en inglés, por eso respondo en inglés.",
    "pt": "Minhas fontes estão em inglês, por isso respondo em inglês.",
    "it": "Le mie fonti sono in inglese, perciò rispondo in inglese.",
}
NOTHING_IN_ENGLISH = {
    "de": "Meine Quellen sind auf Englisch, und dazu finde ich darin nichts. Auf Englisch verstehe ich Fragen besser.",
    "fr": "Mes sources sont en anglais, et je n'y trouve rien là-dessus. En anglais, je comprends mieux les questions.",
    "es": "Mis fuentes están en inglés y no encuentro nada sobre eso. En inglés entiendo mejor las preguntas.",
    "pt": "Minhas fontes estão em inglês e não encontro nada sobre isso. Em inglês entendo melhor as perguntas.",
    "it": "Le mie fonti sono in inglese e non vi trovo nulla al riguardo. In inglese capisco meglio le domande.",
}
# To a remark that the sources hold nothing on, and that asks for nothing.
NOTHING_TO_ADD = "I have nothing to add to that from my sources. Ask me about FinOps whenever you like."
NO_PICTURES = "I cannot read the picture, so I went by the words alone."


class Questions:
    """Takes every turn; a language model is called while the budget lasts."""

    def __init__(self, answerer: Answerer, budget: Budget | None = None) -> None:
        self._answerer = answerer
        self._budget = budget or Budget()

    async def take(self, heard: Heard) -> Growing:
        """The answer as it grows; the last one has its sources."""
        return self._replies(heard)

    async def _replies(self, heard: Heard) -> Growing:
        turn = heard.turn
        if not turn.words.strip() and (turn.quoted or turn.pictures):
            said = ONLY_PICTURES if turn.pictures else NO_WORDS
            yield Reply((Text(said),), "question", abstained=True, remembered=False)
            return
        slot, reply, value = f"answer {turn.id}", None, heard.intent.value
        asked = EXPLAINED if isinstance(value, Retelling) and value.explained else turn.words
        language = heard.language
        if language is None:
            language = await asyncio.to_thread(language_of, turn.words)
        with self._budget.call(turn.at, heard.scene.spent) as call:
            async for answer in self._answerer.answer(
                plain_question(asked), _leant_on(asked, heard.scene), call.composed
            ):
                call.spent = plausible(answer.spent) if answer.spent else None
                told = _once(answer, heard.scene.history)
                if remark := answer.verdict == "decline" and is_remark(plain_question(asked)):
                    told = replace(told, text=NOTHING_TO_ADD)
                reply = _reply(told, call.spent, slot, language, asks_something(clean(asked)) and not remark)
                if not turn.pictures:
                    yield reply
        if turn.pictures and reply is not None:
            yield replace(reply, parts=(reply.parts[0], Text(NO_PICTURES), *reply.parts[1:]))


def _leant_on(asked: str, scene: Scene) -> Sequence[Message]:
    """The talk, where what was shown stands for words that name nothing: "3" for a card, "over half" to a quiz."""
    place = max((place for place, one in enumerate(scene.history) if one.role == "user"), default=None)
    leans = refers(asked) or not content_words(asked)
    if (
        place is None
        or not leans
        or item_asked(asked).place
        or not (shown := _shown(scene, scene.history[place].content))
    ):
        return scene.history
    return (*scene.history[:place], Message("user", shown), *scene.history[place + 1 :])


def _shown(scene: Scene, said: str) -> str | None:
    """What was shown last: the question of a quiz, a card, a thing of a list; None where `said` names it itself."""
    if (scene.before or "").startswith("quiz"):
        told = (line for one in reversed(scene.history) for line in one.content.splitlines())
        return next((line.removeprefix(QUIZ_ASKED) for line in told if line.startswith(QUIZ_ASKED)), None)
    by_place = place_named(unled(said)) is not None or wants_another(unled(said))
    if not by_place or not (scene.before == "benefits" or is_of_list(scene)):
        return None
    return told_last(scene).partition("\n")[0].rpartition(": ")[2] or None


def _once(answer: Answer, history: Sequence[Message]) -> Answer:
    """`answer`, shorter where it declines in words that the talk holds already."""
    shorter = SHORTER.get(answer.text)
    told = {message.content for message in history if message.role == "assistant"}
    return replace(answer, text=shorter) if shorter and told & {answer.text, shorter} else answer


def _reply(answer: Answer, spent: Spent | None, slot: str, language: str, asked: bool) -> Reply:
    """The reply; what is not answered is lacking only where something was `asked`."""
    parts: tuple[Part, ...] = (Text(answer.text),)
    if language in IN_ENGLISH:
        # What is declined is declined in the language that it was asked in; else the answer follows as it is.
        nothing = answer.abstained and answer.verdict != "nearest"
        parts = (Text(NOTHING_IN_ENGLISH[language]),) if nothing else (Text(IN_ENGLISH[language]), *parts)
    if answer.sources:
        parts += (Sources(answer.sources, answer.numbered),)
    if answer.onward:
        parts += (Choices(tuple(Choice(question, question) for question in answer.onward), aside=True),)
    missing = asked and answer.verdict in ("nearest", "decline")
    lacks: Lack | None = ("outside" if answer.outside else "gap") if missing else None
    return Reply(parts, "question", answer.abstained, slot, spent=spent, lacks=lacks, verdict=answer.verdict)
