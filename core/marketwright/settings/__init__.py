"""marketplace.toml and the environment, as one frozen :class:`Marketplace`."""
