"""The only composition root: makes every part and ties them together."""
