"""Floor 3: plans, findings and explanations as text, JSON, SARIF and JUnit. Nothing here decides anything."""
