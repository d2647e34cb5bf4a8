"""What is kept of one person: handed out to them, and forgotten as far as the law lets it go."""
