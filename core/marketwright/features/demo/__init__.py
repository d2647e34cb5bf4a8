"""Below the live stage: act as a persona, move business time, fill the marketplace with people and deals."""
