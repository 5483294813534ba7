package com.example.app.links;

import com.example.app.cache.ExpiringCache;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds what a code leads to, through the cache. */
@Component
class LinkTargets {

  private static final Duration KNOWN = Duration.ofSeconds(60);
  // Someone who guesses codes must not reach the database each time, nor fill the cache for long.
  private static final Duration UNKNOWN = Duration.ofSeconds(5);
  private static final long BEFORE_ALL_VERSIONS = -1;

  private final ExpiringCache cache;
  private final LinkRepository links;

  LinkTargets(ExpiringCache cache, LinkRepository links) {
    this.cache = cache;
    this.links = links;
  }

  LinkTarget find(String code) {
    LinkTarget cached = cache.get(key(code), LinkTarget.class);
    if (cached != null) {
      return cached;
    }
    Optional<Link> link = links.findByCode(code);
    if (link.isPresent()) {
      return remember(link.get());
    }
    cache.put(key(code), LinkTarget.UNKNOWN, BEFORE_ALL_VERSIONS, UNKNOWN);
    return LinkTarget.UNKNOWN;
  }

  /**
   * Makes the next redirect see this state of a link. To be called after the commit: before it, the
   * state may still be rolled back, and merely dropping the entry instead would let a reader bring
   * back what it read just before.
   */
  LinkTarget remember(Link link) {
    LinkTarget target = LinkTarget.of(link);
    cache.put(key(link.code()), target, link.version(), KNOWN);
    return target;
  }

  private static String key(String code) {
    return "link:" + code;
  }
}
