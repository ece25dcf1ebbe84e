"""Pictures of the running product: a made-up venue on a real evening, seen by a real browser."""
