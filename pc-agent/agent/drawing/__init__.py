"""How overlay and lock screen look and sound. Only the helper in the player's desktop loads this."""
