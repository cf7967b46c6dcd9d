"""Floor 4: orchestration only. Reads what systems hold, has it decided, and does what was decided."""
