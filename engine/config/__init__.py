"""Floor 2: text to ruleset. Load, check against the schema, merge layers, lint, compile."""
