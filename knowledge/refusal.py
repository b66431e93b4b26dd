"""What is refused whatever the sources say: attempts to steer the bot, to reach what it guards, or to misuse a room."""

from __future__ import annotations

import re

_ORDERS = r"instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|restrictions?|filters?|guardrails?"
_CROWD = r"everyone|everybody|the user|all (?:users|members|channels|people|rooms)|the channel|the next user|them"
_SECRETS = r"tokens?|keys?|secrets?|credentials?|passwords?"
_GIVE = r"give|show|tell|print|reveal|send|share|leak|paste|read|list|dump|output|say|need|want|what(?:'s| is| are)"
_OTHERS = r"(?:other|another|previous) (?:users?|rooms?|channels?)|last user"
# What begins an order; "how do I drop a database?" is a question.
_ORDER = (
    r"(?:^|[.!?,:;]\s*+|(?<!\s)[^\S\n]*+\n\s*+"
    r"|\b(?:please|just|now|and|then|to|(?:can|could|will|would|must|should) you)\s+)"
)

# Orders that would replace the bot's own.
_OVERRIDES = (
    rf"\b(?:ignore|disregard|forget|override|bypass|drop|skip)\b.{{0,40}}\b(?:{_ORDERS}|everything (?:above|before))",
    r"\bfrom now on\b(?! (?:we|i|our|my)\b)(?!\W*$)|\byou are now\b|\bnew (?:instructions?|rules?)\b(?! of\b)",
    r"\b(?:god|dan|sudo) mode\b|\b(?:developer|debug|admin) mode\b\W*(?:$|on\b|enabled|activated)",
    r"\b(?:enable|enter|activate|start|switch|turn|go|be|are)\b.{0,20}\b(?:developer|debug|admin) mode\b",
    r"^\W{0,4}(?:system|developer|assistant|administrator)\]?(?: (?:message|prompt|note))?\s*:",
    r"\bjailbreak\b|\bunrestricted\b|\bno (?:restrictions|filters|rules)\b",
    rf"{_ORDER}(?:pretend|imagine|act|behave|role-?play)\b.{{0,25}}\b(?:you(?:'re| are)|as if|as an?|like an?|to be)\b",
    r"\blet's play\b.{0,25}\b(?:you(?:'re| are)|as if|as an?)\b",
    r"\b(?:reply|respond|answer|say|write|output|print)\b.{0,12}\b(?:only|just|exactly|nothing but|verbatim)\b.{0,6}"
    r"\b(?:with|the word|the words|:)",
    r"\bjust say it\b|\brepeat after me\b|\bsay the following\b",
    r"\b(?:start|begin|open|end|finish)\b.{0,12}\byour (?:reply|answer|response|message|output)\b.{0,6}\bwith\b",
    r"\bwithout (?:any |all |your )?(?:filters?|restrictions?|rules|limits|censorship|safety)\b",
    r"\b(?:script|sources?|video|documents?|policy|figures?)\b.{0,12}\b(?:was|were|has been|have been|is|are)\b.{0,8}"
    r"\b(?:updated|changed|corrected|replaced|revised)\b",
    r"\beven (?:though|if) (?:it is|it's|that is|that's) (?:wrong|false|untrue|not true|a lie)\b",
    r"\b(?:base64|rot13|hex|morse|decode|reversed?)\b.{0,60}\b(?:obey|follow|execute|run|do what|instruction)",
)
# Speaking to people in the bot's name.
_MISUSE = (
    r"\b(?:tell|inform|convince|announce|post|write|message|send|dm|email|notify)\b.{0,40}"
    rf"\b(?:{_CROWD}|others?|colleagues?) .{{0,12}}\b(?:that|saying)\b",
    r"\b(?:post|send|share|publish|forward|spread)\b.{0,30}\b(?:link|url|picture|file)\b"
    r".{0,30}\b(?:all|every\w*|members|channels?|them)\b",
    r"\bsay\b.{0,20}\bto (?:all|every)\b|@(?:everyone|here|channel|all)\b|<!(?:everyone|here|channel)",
    r"\b(?:insult|threaten|harass|spam|dox)\b",
)
# Acts that no honest question asks help for; "how do we prevent fraud?" asks for help against them.
_HARM = (
    r"launder(?:ing)?|embezzl\w+|falsif\w+|forg(?:e|ing)|counterfeit\w*|brib(?:e|es|ing|ery)|blackmail\w*|defraud\w*|"
    r"evad(?:e|ing) (?:tax|customs)\w*|tax evasion|insider trading|cook the books|steal(?:ing)?|"
    r"fake (?:invoices?|receipts?|reports?|bills?|figures)|phishing|malware|ransomware|spyware|keyloggers?|viruses|"
    r"exfiltrat\w+|sabotag\w+|smuggl\w+|hack(?:ing)? into|bombs?|explosives?|weapons?|poison(?:ing)?|"
    r"kill (?:my|someone|somebody)"
)
_HARMFUL = (
    rf"^(?!.*\b(?:prevent|detect|avoid|stop|protect|against|guard|risk)).*\b(?:{_HARM})\b",
    r"\b(?:make|let|get|have)\b.{0,30}\bbelieve\b.{0,60}(?:\b(?:not|never|false|fake|wrong)\b|n't\b)",
    r"\b(?:cheat|trick|tamper with|hack|sway|fix)\b.{0,30}\b(?:polls?|votes?|quiz\w*|leaderboard|results)\b",
)
# What other people did here, each by name; what all of them did together is a result.
_CROWDS = r"(?:i|we|you|it|they|people|everyone|everybody|most|many|others|viewers|the|this|that|all)\b"
_PRYING = (
    rf"\b(?:did|has|have) (?!{_CROWDS})[\w.'-]+ (?:pick|choose|chose|select|answer|repl)\w*\b"
    r".{0,20}\b(?:polls?|quiz\w*|vote|survey)\b",
    r"\b(?:which|what|who)(?: of)?(?: my| our| the| your)? "
    r"(?:users?|members?|colleagues?|co-?workers?|team-?mates?|participants?)\b",
    rf"\b(?:what|how|which)\b.{{0,12}}\b(?:did|has|have) (?!{_CROWDS})@?[\w.'-]+(?: \w+)? vote(?:d)?\b",
    rf"\b(?:how|what) (?!{_CROWDS})(?!did|has|have)@?[\w.'-]+ voted\b|\b(?:did|has|have) @\w+",
    r"\bwho (?:all )?(?:voted|said (?:not )?helpful|(?:picked|chose|selected|answered|rated)\b"
    r".{0,30}\b(?:option|answer|poll|quiz|wrong|right|correct|no|yes|very|not)\b)",
    r"\b(?:each|every|individual|single) (?:member|person|user|voter|participant|colleague|employee)s?\b"
    r".{0,20}\b(?:answer|vote|chose|pick|ask|wr[io]te)",
    r"\b(?:list|show|name|names of|who are)\b.{0,20}\b(?:users|members|voters|participants)\b",
    rf"\b(?:{_GIVE})\b(?!.{{0,30}}\b(?:stor|keep|kept|sav|delet)).{{0,30}}"
    r"\b(?:private|direct) (?:messages?|chats?|conversations?|dms?)\b",
)
# What the bot guards.
_GUARDED = (
    r"\b(?:your|hidden|initial|original|secret|internal)\s+(?:system\s+)?"
    r"(?:prompts?|instructions?|rules|configuration|config|settings file|memory dump|guidelines)\b",
    r"\b(?:reveal|print|show|tell|output|share|give|leak|paste|what(?:'s| is| are))\b.{0,30}"
    r"\bsystem (?:prompt|message|instructions)\b",
    rf"\b(?:{_GIVE}|summari[sz]e)\b.{{0,60}}\b(?:your (?:context|memory)|system text)\b"
    r"(?! (?:window|length|size|limit))",
    rf"\b(?:{_GIVE})\b.{{0,30}}\b(?:bot|api|access|auth|oauth|secret|private)[\s_-]+(?:{_SECRETS})\b",
    rf"\b(?:your|the bot'?s?|bot)[\s_-]++(?:[^\W_]+(?:_[^\W_]+){{0,3}}[\s_-]++)?"
    rf"(?:{_SECRETS})\b(?! (?:count|usage|use|consumption|bill))",
    r"\b(?:root|admin) passwords?\b",
    rf"\b(?:{_OTHERS})\b.{{0,30}}\b(?:ask|asked|say|said|wrote)\b|\b(?:users?|person|people) before me\b",
    rf"\b(?:messages|questions|conversations?|chats?|history) (?:of|from|in) (?:the )?(?:{_OTHERS})\b",
    rf"\b(?:{_ORDERS})\b.{{0,20}}\byou\b.{{0,12}}"
    r"\b(?:received?|given|got|told|fed|follow|obey|operate|run on|work with|started? with)\b",
    r"\bmy (?:instructions|rules|prompt|guidelines) (?:are|say|tell)\b",
    r"\b(?:what|which)\b.{0,30}\byou\b.{0,6}\b(?:been )?(?:told|instructed|programmed|prompted|forbidden|ordered)\b",
    r"\b(?:above|before|preceding|prior to|ahead of|precedes) (?:this|my|our|the) "
    r"(?:line|message|sentence|prompt|input|chat|conversation|session|dialogue)\b",
    r"\benv(?:ironment)? variables?\b|\.env\b",
    r"\b(?:repeat|print|output|reveal|show|copy|dump|quote|echo|translate)\b.{0,40}"
    r"\b(?:above|before this|prior|previous|conversation so far|word for word|preceding)\b",
    r"\b(?:files?|director(?:y|ies)|folders?|processes) (?:on|in|of) (?:your|the|this) "
    r"(?:server|machine|host|disk|system)\b",
    r"\bhow (?:did|has) (?!we\b)\w+ vote(?:d)?\b|\bwho voted (?:for|what)\b",
    r"\b(?:i|we|me|us|to) (?:hide|conceal|disguise|cover up)\b.{0,40}\b(?:from|so (?:that )?(?:nobody|no one))\b",
    r"\b(?:rig|forge|manipulate|falsify)\b.{0,30}\b(?:polls?|votes?|data|results|statistics?|leaderboard|logs)\b",
    rf"{_ORDER}(?:delete|erase|wipe|drop|destroy|remove|reset|fake|change|alter|edit)\b"
    # One's own vote is one's own to change.
    r"(?! my (?:vote|answer|choice)\b).{0,30}"
    r"\b(?:polls?|votes?|database|the data|results|statistics?|leaderboard|logs)\b",
)
# Code and markup that would do something elsewhere.
_CODE = (
    r"/etc/(?:passwd|shadow|hosts)|\brm\s+-rf\b|\$\([^()]*\)|`(?=[^`]*`)[^`]*?\b(?:cat|curl|wget|ls|id|env)\b",
    r"(?:&&|\|\||;)\s*(?:cat|curl|wget|rm|ls|nc|bash|sh|python)\b",
    r"\b(?:drop|truncate|alter)\s+table\b|\bunion\s+(?:all\s+)?select\b|\bdelete\s+from\b|\binsert\s+into\b",
    r"['\"]\s*(?:or|and)\s+['\"]?\d+['\"]?\s*=\s*['\"]?\d|;\s*--",
    r"!\[[^\[\]]*\]\(|\]\(\s*(?:javascript|data):|\bon(?:error|load|click)\s*=|\{\{.{1,80}\}\}|<iframe\b|<img\b",
)
_PATTERNS = tuple(
    re.compile(pattern, re.I | re.S) for pattern in (*_OVERRIDES, *_MISUSE, *_HARMFUL, *_PRYING, *_GUARDED, *_CODE)
)
# Letters with a space between each of them, as words are hidden from patterns: "i g n o r e".
_SPACED = re.compile(r"(?<!\S)(?:\S (?=\S(?!\S))){3,200}\S(?!\S)")
_SCRIPT = re.compile(r"<script\b.*?(?:</script\s*>|$)", re.I | re.S)


def without_scripts(text: str) -> str:
    """`text` without script elements and what stands in them: what is left may be an honest question."""
    return _SCRIPT.sub(" ", text)


def is_refused(text: str) -> bool:
    """Whether `text` tries to steer the bot, to reach what it guards, or to misuse a room."""
    plain = _SPACED.sub(lambda letters: letters.group().replace(" ", ""), text)
    return any(pattern.search(plain) for pattern in _PATTERNS)
