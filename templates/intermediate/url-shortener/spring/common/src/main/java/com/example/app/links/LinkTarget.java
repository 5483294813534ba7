package com.example.app.links;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a code leads to: all that a redirect needs to know, as it is kept in the cache.
 *
 * @param location the target in ASCII; empty if the link is deleted
 */
record LinkTarget(
    @Nullable UUID linkId, String location, boolean open, @Nullable Instant expiresAt) {

  /** A code that nobody has. */
  static final LinkTarget UNKNOWN = new LinkTarget(null, "", false, null);

  static LinkTarget of(Link link) {
    return link.isDeleted()
        ? new LinkTarget(link.id(), "", false, null)
        : new LinkTarget(
            link.id(), TargetRules.toAscii(link.url()), link.isEnabled(), link.expiresAt());
  }

  boolean isActive(Instant now) {
    return open && (expiresAt == null || expiresAt.isAfter(now));
  }
}
