"""How long it takes from nothing to a todo list whose tests pass, beside the framework's own beginning."""
