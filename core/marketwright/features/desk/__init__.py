"""What answers the desks of plugins: reads, actions and jobs of one marketplace."""
