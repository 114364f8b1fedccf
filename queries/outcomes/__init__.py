"""What came of lists that were given: frozen lists, outcomes, the funnel."""
