"""What can go wrong with knowledge; each error is one sentence that says what to do."""


class KnowledgeError(Exception):
    """Base of all errors of this package; its text may be shown to a person as it is."""


class ModelError(KnowledgeError):
    """The embedding model is missing, is not the one expected, or cannot be run."""


class LanguageModelError(KnowledgeError):
    """The language model that was set cannot be used: its name, its package or its key is wrong or missing."""


class HomeError(KnowledgeError):
    """The folder for the bot's data cannot be read or written."""


class IngestBusy(KnowledgeError):
    """Another ingest is under way."""
