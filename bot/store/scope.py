"""Scopes: what a listing or a sum covers. None can be asked for without one."""

from __future__ import annotations

from dataclasses import dataclass

from bot.turn import Room, Turn


@dataclass(frozen=True)
class Scope:
    """The place of `room` with all its threads; with `server` the public places of its server instead.

    Rows of which it is not known where they were made are in none of these. Without a room it is everything there is:
    for the shell alone.
    """

    room: Room | None
    server: bool = False

    def __post_init__(self) -> None:
        if self.server and (self.room is None or self.room.server is None):
            raise ValueError("no server")

    def covers(self, room: Room) -> bool:
        """Whether what stands in `room` may be told of here."""
        if self.room is None:
            return True
        if (room.platform, room.server) != (self.room.platform, self.room.server):
            return False
        return room.public if self.server else room.place in (self.room.place, self.room.around.place)

    @property
    def named(self) -> str:
        """How people call it."""
        if self.room is None:
            return "all places"
        if self.server:
            return f"all public places of this {'workspace' if self.room.platform == 'slack' else 'server'}"
        return "this talk" if self.room.private else "this place"


EVERYTHING = Scope(None)


def scope_of(turn: Turn) -> Scope:
    """What whoever speaks may have listed: the place, or where its administrator asks in a public one, all such places
    of its workspace or server.
    """
    room = turn.room
    return Scope(room, server=turn.person.administrator and room.public and room.server is not None)
