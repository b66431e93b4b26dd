"""Discord: commands, mentions, replies, direct messages, buttons, menus, forms and polls."""
