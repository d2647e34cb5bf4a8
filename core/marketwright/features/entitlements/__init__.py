"""What somebody is entitled to beyond everybody's due: by name, until a day, so many times."""
