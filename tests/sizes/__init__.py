"""How large the generated projects are, beside the sizes that are aimed at."""
