"""Conversations: one thread a mission and freelancer, with messages, files, read marks, contact hints."""
