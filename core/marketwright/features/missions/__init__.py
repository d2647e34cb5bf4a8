"""What clients need: missions, from the first words of a visitor's brief to filled or closed."""
