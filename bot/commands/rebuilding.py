"""Building a damaged index again while the bot answers from the last sound one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from bot.logs import failure
from knowledge.errors import IngestBusy, KnowledgeError

log = logging.getLogger(__name__)


class Rebuilding:
    """Builds in a thread of its own, one build at a time; a failure is told to the log alone."""

    def __init__(self, build: Callable[[], None]) -> None:
        """`build` publishes a new generation, which is then taken over like any other. May raise KnowledgeError."""
        self._build = build
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Build, unless that is under way."""
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                # It ends with the process: what it had not published by then does not count.
                self._thread = threading.Thread(target=self._run, name="rebuilding", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        log.warning("The index is damaged; it is built again beside the last sound one, which answers meanwhile")
        try:
            self._build()
        except IngestBusy:
            pass  # another process builds it for all
        except KnowledgeError as error:
            log.error("The index could not be built again: %s", error)
        except Exception as error:
            log.error("The index could not be built again\n%s", failure(error))
        else:
            log.warning("The index is built again")
