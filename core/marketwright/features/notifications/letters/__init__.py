"""What is told of each event, to whom, in which words: one module a subject."""
