"""NUTS where the likelihood is expanded around its middle, weighted to the exact posterior."""
