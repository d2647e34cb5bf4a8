"""What freelancers offer: profiles made of claims, each saying how it is known."""
