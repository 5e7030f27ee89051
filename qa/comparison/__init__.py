"""Two documents side by side: two versions, or an upper document and the one that carries it out."""
