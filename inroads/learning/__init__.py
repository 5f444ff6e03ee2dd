"""The known place to find and share: so far, apps and platforms that were looked at, and for whom they are safe."""
