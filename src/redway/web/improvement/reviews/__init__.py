"""Reviews and strategy: reviews, their findings and the strategy."""
