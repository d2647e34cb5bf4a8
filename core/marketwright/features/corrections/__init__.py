"""What staff put right about money by hand: entries, and refunds after release. Two people, or one and a day."""
