"""The decision engine's place in the layers; it comes next. Knows neither catalogue nor sources."""
