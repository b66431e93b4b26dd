"""Platforms: each translates what people do there into turns, and replies into what can be shown there."""
