"""Cases on contracts: why named staff may read what is sealed, and until when."""
