"""The platform-neutral core: what people say, what they are told, and what the bot can do."""
