"""The terminal: no token, no account; the person in it is a moderator."""
