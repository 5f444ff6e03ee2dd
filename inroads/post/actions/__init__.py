"""What changes in the post, for every room: `send`, `cancel`, `cancel_all`. Sending and settling stand beside."""

from inroads.post.actions.outbox import cancel, cancel_all, send

__all__ = ["cancel", "cancel_all", "send"]
