"""Floor 3: the edge to systems, generic by kind: http, files, memory."""
