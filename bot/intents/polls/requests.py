"""The words in which polls are asked for: before what they are about, after it, and in other languages."""

from __future__ import annotations

import re

from bot.intents.polls.separators import HELD
from knowledge.words import words_of

QUESTION_MARKS = "?\uff1f\u061f"
NOUN = re.compile(
    r"(?<![\w#-])(?:(?P<verb>poll(?=\s+(?:us|me|it|this|that|everyone|everybody|people|folks|(?:the|my|our) \w+)\b))"
    r"|(?:straw[ -]?)?pol+|survey|(?:secret )?ballot"
    # The same in German, Spanish, French, Portuguese and Italian.
    r"|umfrage|abstimmung|encuesta|votación|sondage|enquete|votação|pesquisa|sondaggio)\b(?!['’]"
    r"|\s+(?:results?|status|is|was|has|had|says?|number|#?\d+)\b)",
    re.IGNORECASE,
)
# Words before "poll" that only ask for it.
ASKING = words_of(
    """hey hi hello ok okay so please pls plz now and then bot well right can could would will shall should we you i let
    let's us me i'd we'd like want need wanna to start create make open run launch post begin do hold set up add put
    have take conduct give prepare build write get with host kick off throw together go arrange quick short new brand
    little simple brief small own fun another a an the this our my one nice tiny proper real ask in for thanks
    just also pop draft i'll we'll gonna everyone everybody people folks team group channel room all"""
)
NEW = words_of("new own")
# Before "poll" these say that it is none that is there already.
INDEFINITE = NEW | words_of("a an another one more eine einen una un une uma um")
DENIED = words_of("don't dont not never no")
DEFINITE = words_of("the this that")
# The same in those languages.
ASKING |= words_of(
    """mach mache macht starte start erstelle erstell öffne bitte mir uns eine ein neue kurze kannst können wir du
    haz hazme haznos crea crear inicia abre abrir una un nueva rápida por favor puedes podrías quiero necesito hagamos
    fais fais-nous faites crée créer lance ouvre une un nouveau nouvelle petit petite peux-tu stp svp peux tu
    faz faça fazer cria crie criar abra uma um nova novo pode poderia quero fai crea una un nuovo per favore puoi"""
)
# A verb in it, or an article, shows that a poll is asked for.
VERBS = words_of("start create make open run launch post begin do hold set add put have take give prepare build write")
YES_NO = re.compile(r"\byes(?:\s*/\s*|[- ]or[- ]|-)no\b", re.IGNORECASE)
LEAD = re.compile(
    r"[\s,.:–—-]*(?:(?:about|on|asking|called|named|titled|regarding|concerning|to (?:ask|decide"
    r"|find out|see|know)|which asks|that asks"
    r"|and ask|and|for|so (?:that )?(?:we|i) can (?:decide|see|know|choose"
    r"|agree)(?: on)?)\b:?\s*)?(?:(?:everyone|everybody|people|them|us|(?:the|my"
    r"|our) team)(?:\s*+:\s++|\s++)(?=\w+ .*[?]))?",
    re.IGNORECASE,
)
WHOM = re.compile(
    r"(?<!\s)\s*+(?:(?:of|to|among|in|with|for)\s++)?(?:(?:the|my|our|this|all|whole|entire)\s++){0,3}(?:team|us"
    r"|me|everyone|everybody|people|folks|group"
    r"|channel|room|squad|crew|department|class|audience|members|colleagues|guys|here|time)\b",
    re.IGNORECASE,
)
GOING = re.compile(r"(?<!\s)\s+(?:going|up|out|running|started|together)\b(?=\s|[,:.])", re.IGNORECASE)
FOR_SOME = re.compile(
    r"(?<!\s)\s*for\s.{0,60}\b(?:team|group|department|squad|members|people|folks|only|channel)\s*", re.IGNORECASE
)
LISTS = re.compile(r"[,|;/]|\b(?:or|and|between)\b", re.IGNORECASE)
TOPIC = re.compile(r"\b(?:about|on|regarding|asking|to (?:decide|see|find out|know)|for)\b", re.IGNORECASE)
COLON = re.compile(r"^\s*[:\uff1a]|(?<!\d)[:\uff1a]|[:\uff1a](?!\d)")
HEADED_LAST = re.compile(
    r"(?<!\w)(?:asking|about|called|titled|named|which asks|that asks|to ask|(?:with "
    r"|on )?the question|ask|on|for)\Z",
    re.IGNORECASE,
)
# "team lunch poll: ..." is a poll of one's own; "results of the poll: ..." is not.
LONGEST_LABEL = 3
# Terms stand before one of the first so many colons, if before any.
MOST_COLONS = 5
# So many characters before "poll" are read.
LONGEST_HEAD = 140
NO_LABEL = words_of(
    """the a this that these of in on for about to from is are was does did do can what which who when how why where
    show list result results close stop end open reopen edit change delete cancel export remind repeat vote voted
    last first previous old rename remove extend share save keep it"""
)
# What people are to do with a poll that is not named.
VOTE = re.compile(
    r"\b(?:(?:hey|hi|hello|please|pls|can|could|would|will|you|we|i|want|to|need|bot|ok|so|now|quickly"
    r"|just|i'd|like)[\s,]+){0,6}"
    r"(?:(?:let'?s|let|have|get|make)\s+(?:(?:the|my|our|this|whole)\s+){0,2}(?:\w+\s+)?(?:vote|choose"
    r"|decide)\b(?:\s+(?:on|about|between)\b)?"
    r"|(?:take|hold|start|run|open|do|call|have)\s+a\s+(?:quick\s+)?vote\b(?:\s+(?:on|for|about))?"
    r"|vote\s+(?:on|about)\b|vote(?=\s*:)|time to vote\b"
    r"|(?:ask|survey)\s+(?:(?:the|my|our|this|whole)\s+){0,2}(?:team|everyone|everybody|people|folks"
    r"|group|channel|room|them|us|all|colleagues)(?:\s+here)?)\s*",
    re.IGNORECASE,
)
# The request at the end of what it is about: "Pizza or pasta? Make it a poll please".
LAST = re.compile(
    r"(?:(?:please|pls|can you|could you|can we|let's|so|now|and|just)[\s,]+){0,3}(?:poll (?:it|that"
    r"|this|us|everyone|the team|them)|poll(?=[\s,.!]*(?:$|please|with|for|that|which))"
    r"|(?:make|turn|put|start|create|open|run|set up|post|do|take|have|hold) (?:(?:it|that|this|these"
    r"|those|them|me|us|up)\s+){0,2}(?:into |as |in )?(?:an? |the )?(?P<manner>[^\n]{0,60}?)"
    r"\b(?:poll|vote|survey)(?: (?:of|for|from|about|on|with|out of) (?:it|that|this|these|those"
    r"|them))?)(?:[\s,]+(?:please|pls|thanks|thank you|for us|for me|now|here))?[\s.!?]*",
    re.IGNORECASE,
)
ENDS = re.compile(rf"[.!;\n{QUESTION_MARKS}]\s+|\s[-–—]+\s|(?<={HELD})\s+|\n")
