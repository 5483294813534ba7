package com.example.app.cache;

import com.example.app.operations.Dependency;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the code needs of a cache, whichever one it is.
 *
 * <p>An entry has a version and is only ever replaced by one that is at least as new. Without it, a
 * reader that loaded the old state from the database just before a write, and stores it just after,
 * would bring that old state back for as long as an entry lives; so would two writers whose updates
 * of the cache overtake each other.
 */
public interface ExpiringCache extends Dependency {

  <V> @Nullable V get(String key, Class<V> type);

  /** Stores a value for at most {@code life}, unless a newer version is already there. */
  void put(String key, Object value, long version, Duration life);

  @Override
  default String name() {
    return "cache";
  }
}
