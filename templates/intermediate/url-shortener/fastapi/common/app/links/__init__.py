"""Short links: make, follow and measure them. What other parts may use is listed here."""

from app.links.click_counter import click_counting
from app.links.redirect import router as redirect_router
from app.links.router import router as links_router
from app.links.service import delete_links_of

__all__ = ["click_counting", "delete_links_of", "links_router", "redirect_router"]
