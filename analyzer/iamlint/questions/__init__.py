"""What files are asked by way of the engine: changes, assertions, requests. Writes nothing, decides nothing itself."""
