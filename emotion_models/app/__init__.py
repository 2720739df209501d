"""The designers' page: a journey that can be changed by hand, and what the change would do."""
