"""The post: messages and letters on their way out, each sent once, whatever fails in between."""
