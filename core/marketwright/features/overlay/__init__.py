"""What the console changes of the settings: versions over marketplace.toml, each with who, when and why."""
