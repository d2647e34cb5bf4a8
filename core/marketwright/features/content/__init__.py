"""Content: the front page and the pages of text that the operator writes, as files in the marketplace's folder."""
