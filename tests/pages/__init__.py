"""The commands that pages print: run as they are printed, by the everyday tests or by a command of its own."""
