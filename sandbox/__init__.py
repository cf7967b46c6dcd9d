"""Local stand-ins for the business systems, over real HTTP; nothing here imports the engine."""
