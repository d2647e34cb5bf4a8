"""Files that people hand in: checked, kept in one folder, served to whoever may read them."""
