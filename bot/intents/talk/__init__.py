"""What goes on with the talk itself: set phrases, courtesies, follow-ups."""
