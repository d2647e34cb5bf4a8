"""Papers that conditions ask for: handed in by a side, drawn, and signed by parties and by people outside the deal."""
