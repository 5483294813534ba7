"""What is deleted together with an account."""

from app.links.service import delete_links_of as delete_user_data

__all__ = ["delete_user_data"]
