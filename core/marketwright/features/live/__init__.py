"""Going live: what is still missing, with the fix; who approved which text; whether a mail arrives."""
