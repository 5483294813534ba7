"""`python -m app.seed` adds nothing: only favourites are stored, and they need accounts."""

if __name__ == "__main__":
    print("There is nothing to add: only favourites are stored, and they need accounts.")
