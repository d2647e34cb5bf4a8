"""Conversations: one thread a mission and freelancer, with messages, files, read marks, and a word on contact details."""
