"""A stand-in for the Stripe API."""
