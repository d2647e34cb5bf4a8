"""The hooks: what plugins may bring (specs), who they are (manifest), what they get (desk), and the one manager."""
