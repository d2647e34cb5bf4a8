"""Skills: taxonomies in English and French, and finding a skill by any of its names."""
