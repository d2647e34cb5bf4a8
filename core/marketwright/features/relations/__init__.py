"""One row a client-freelancer pair: first contract, cumulated amount, own network, linked parties."""
