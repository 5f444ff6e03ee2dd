"""What changes in the post: `send` and `cancel` for every room; sending and settling are in files beside."""

from inroads.post.actions.outbox import cancel, send

__all__ = ["cancel", "send"]
