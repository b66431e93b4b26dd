"""Help: what the bot is for and what to say to it."""

from __future__ import annotations

from bot.activities import Heard
from bot.reply import Choice, Choices, Reply, Text
from bot.turn import Person

# Four suggested prompts: two for the handbook, two for what the video brings.
EXAMPLES = (
    "What is showback?",
    "When does prompt caching lose money?",
    "What did Company X achieve, and how?",
    "How much could we save on 80k a month?",
)
# What can be said at any time, in the words that people type: a terminal completes them.
SAYINGS = (
    "help",
    "quiz me",
    "quiz round",
    "leaderboard",
    "start the poll",
    "results",
    "show me the benefits",
    "calculator",
    "takeaways",
    "statistics",
    "a quote",
    "60-second version",
    "give the team something to discuss",
    "privacy",
    "settings",
    "usage",
    "stop",
)
GREETING = (
    "Hello! I answer questions about FinOps, the money side of AI and cloud, from a video and a handbook, and tell "
    f"where each answer stands. Ask in your own words, such as “{EXAMPLES[0]}”, or “why?” after an answer. Or choose:"
)
CHOICES = (
    *(Choice(example, example) for example in EXAMPLES[:2]),
    Choice("Quiz me", "quiz me"),
    Choice("The five benefits", "show me the benefits"),
    Choice("Estimate our savings", "savings slider"),
    Choice("Key takeaways", "show the key takeaways"),
    Choice("A question for the team", "give the team something to discuss"),
    Choice("Describe the pictures and sounds", "describe the visuals and sounds"),
)
POLL = Choice("Start the poll", "start the poll")
MORE = (
    "I also have quotes, statistics, examples, resources, keywords, a 60-second version and what comes next in the "
    "series. In a quiz or poll answer in your own words, or say “hint”, “skip”, “results”, “stop”; “quiz round” asks "
    "several questions in a row. “Privacy” shows what I keep about you. Where I have no source, I say so."
)
# Help once more in the same talk: four lines, with nothing to press.
AGAIN = (
    "- Ask about FinOps, or say “quiz me”, “calculator”, “show me the benefits”.\n"
    "- In a poll or quiz: your own words, “hint”, “skip”, “results”, “stop”.\n"
    "- Of the video: “a quote”, “statistics”, “takeaways”, “60-second version”.\n"
    "- “Privacy” shows what I keep about you; “settings” how I behave here."
)


class Help:
    """Takes requests for help, and the greeting that opens a talk."""

    async def take(self, heard: Heard) -> Reply | None:
        """What the bot can do, where that is asked for."""
        if heard.intent.name != "help":
            return None
        said = "\n".join(message.content for message in heard.scene.history if message.role == "assistant")
        told = GREETING in said or AGAIN in said
        return Reply((Text(AGAIN),), "help") if told else greeting(heard.turn.person)


def greeting(person: Person) -> Reply:
    """What the bot is, what can be pressed, and how to go on. Only moderators are offered what only they may do."""
    choices = (*CHOICES, POLL) if person.moderator else CHOICES
    return Reply((Text(GREETING), Choices(choices), Text(MORE)), "help")
