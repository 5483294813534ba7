"""A helper module that lies beside shared cases and is imported by name."""


def ok(response):
    assert response.status_code == 200, f"expected 200, got {response.status_code}"
    return response.json()
