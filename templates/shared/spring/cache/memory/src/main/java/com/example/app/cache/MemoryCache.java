package com.example.app.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The cache in this process: at most 10,000 entries, those least worth keeping go first. */
@Component
class MemoryCache implements ExpiringCache {

  private record Entry(Object value, long version, Duration life) {}

  private final Cache<String, Entry> entries;

  @Autowired
  MemoryCache() {
    this(Ticker.systemTicker());
  }

  MemoryCache(Ticker ticker) {
    entries =
        Caffeine.newBuilder()
            .maximumSize(10_000)
            .ticker(ticker)
            .expireAfter(Expiry.<String, Entry>writing((key, entry) -> entry.life()))
            .build();
  }

  @Override
  public <V> @Nullable V get(String key, Class<V> type) {
    Entry entry = entries.getIfPresent(key);
    return entry == null ? null : type.cast(entry.value());
  }

  @Override
  public void put(String key, Object value, long version, Duration life) {
    entries
        .asMap()
        .merge(
            key,
            new Entry(value, version, life),
            (present, offered) -> offered.version() >= present.version() ? offered : present);
  }

  @Override
  public boolean isUp() {
    return true;
  }
}
