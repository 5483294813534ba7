package com.example.app.links;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a code leads to: all that a redirect needs to know, as it is kept in the cache. */
record LinkTarget(
    @Nullable UUID linkId, String location, boolean open, @Nullable Instant expiresAt) {

  /** A code that nobody has. */
  static final LinkTarget UNKNOWN = new LinkTarget(null, "", false, null);

  static LinkTarget of(Link link) {
    return new LinkTarget(
        link.id(), link.url(), link.isEnabled() && !link.isDeleted(), link.expiresAt());
  }

  boolean leadsOn(Instant now) {
    return open && (expiresAt == null || expiresAt.isAfter(now));
  }
}
