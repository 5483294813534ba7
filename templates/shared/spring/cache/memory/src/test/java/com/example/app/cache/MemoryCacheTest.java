package com.example.app.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryCacheTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AtomicLong nanoseconds = new AtomicLong();
  private final MemoryCache cache = new MemoryCache(nanoseconds::get);

  @Test
  void anEntryLivesAsLongAsItMay() {
    cache.put("a", "short", 1, Duration.ofSeconds(5));
    cache.put("b", "long", 1, MINUTE);

    nanoseconds.addAndGet(Duration.ofSeconds(6).toNanos());

    assertThat(cache.get("a", String.class)).isNull();
    assertThat(cache.get("b", String.class)).isEqualTo("long");
  }

  @Test
  void aLateReaderDoesNotBringBackWhatAWriterChanged() {
    cache.put("a", "new", 2, MINUTE);
    cache.put("a", "old", 1, MINUTE);

    assertThat(cache.get("a", String.class)).isEqualTo("new");
  }

  @Test
  void aNewerVersionReplacesAnOlder() {
    cache.put("a", "unknown", -1, MINUTE);
    cache.put("a", "new", 0, MINUTE);

    assertThat(cache.get("a", String.class)).isEqualTo("new");
  }
}
