"""A generated project brought to life: its toolchain, its services, its server process."""
